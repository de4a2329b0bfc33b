import { z } from 'zod';

import { escapeName } from '../../rucio/untrusted-text';
import { atRse } from '../at-rse';
import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import { LOCK_COLUMNS, lockCells } from './lock-cells';

export const getDatasetLocksByRse = defineTool({
  name: 'rucio_get_dataset_locks_by_rse',
  input: z.strictObject({ rse: z.string(), limit: limitParam(100), offset: offsetParam }),
  output: z.object({ rse: z.string(), ...tableShape }),
  run: async (input, context) =>
    atRse(context, input.rse, async (rse) => {
      const page = await pageOf(
        context.rucio.locks.byRse(rse, { signal: context.signal }),
        (row) => ({
          sortKey: `${row.scope}:${row.name} ${row.rule_id ?? ''}`,
          did: { scope: row.scope, name: row.name },
          rows: [lockCells(row)],
        }),
        input,
        context,
      );
      return { rse: escapeName(rse), ...toTable(['did', ...LOCK_COLUMNS], page) };
    }),
});
