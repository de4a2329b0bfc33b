import { z } from 'zod';

import type { TransferLimitRow } from '../../rucio/schemas/requests';
import { compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';

const COLUMNS = [
  'rse_expression',
  'activity',
  'direction',
  'max_transfers',
  'transfers',
  'waiting',
  'volume',
  'deadline_hours',
  'strategy',
] as const;

export const listTransferLimits = defineTool({
  name: 'rucio_list_transfer_limits',
  input: z.strictObject({ limit: limitParam(100), offset: offsetParam }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const rows = context.rucio.requests.transferLimits({ signal: context.signal });
    const page = await pageOf(rows, toItem, input, context);
    return toTable(COLUMNS, page, ...(page.count > 0 ? [] : ['no transfer limit is set']));
  },
});

function toItem(row: TransferLimitRow): Item {
  return {
    sortKey: `${row.rse_expression ?? ''} ${row.activity ?? ''} ${row.direction ?? ''}`,
    rows: [
      [
        compactText(row.rse_expression),
        compactText(row.activity),
        compactText(row.direction),
        compactNumber(row.max_transfers),
        compactNumber(row.transfers),
        compactNumber(row.waitings),
        compactNumber(row.volume),
        compactNumber(row.deadline),
        compactText(row.strategy),
      ],
    ],
  };
}
