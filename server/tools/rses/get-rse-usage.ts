import { z } from 'zod';

import type { RseUsageRow } from '../../rucio/schemas/rses';
import { escapeName } from '../../rucio/untrusted-text';
import { atRse } from '../at-rse';
import { compactDate, compactNumber, compactText } from '../compact';
import { SmallTable, smallTable } from '../composite/fields';
import { defineTool } from '../define';
import { MAX_LIMIT } from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';

const COLUMNS = ['source', 'used', 'free', 'total', 'files', 'updated_at'] as const;
const MAX_ACCOUNTS = 100;

export const getRseUsage = defineTool({
  name: 'rucio_get_rse_usage',
  input: z.strictObject({
    rse: z.string(),
    per_account: z.boolean().default(false).describe('also who uses it'),
  }),
  output: z.object({ rse: z.string(), ...tableShape, accounts: SmallTable.optional() }),
  run: async (input, context) =>
    atRse(context, input.rse, async (rse) => {
      const { per_account: perAccount } = input;
      const accounts: NonNullable<RseUsageRow['account_usages']> = [];
      const page = await pageOf(
        context.rucio.rses.usage(rse, { perAccount }, { signal: context.signal }),
        (row) => {
          accounts.push(...(row.account_usages ?? []));
          return toItem(row);
        },
        { limit: MAX_LIMIT, offset: 0 },
        context,
      );
      const note =
        page.count > 0
          ? 'storage is what the site reports, rucio what Rucio counts itself'
          : 'the RSE exists and nobody reports its usage';
      return {
        rse: escapeName(rse),
        ...toTable(COLUMNS, page, note),
        ...(perAccount ? { accounts: accountTable(accounts) } : {}),
      };
    }),
});

function toItem(row: RseUsageRow): Item {
  return {
    sortKey: row.source,
    rows: [
      [
        compactText(row.source),
        compactNumber(row.used),
        compactNumber(row.free),
        compactNumber(row.total),
        compactNumber(row.files),
        compactDate(row.updated_at),
      ],
    ],
  };
}

function accountTable(accounts: NonNullable<RseUsageRow['account_usages']>): SmallTable {
  const rows = [...accounts]
    .sort((a, b) => (b.percentage ?? 0) - (a.percentage ?? 0) || (a.account < b.account ? -1 : 1))
    .map(({ account, used, percentage }) => [
      compactText(account),
      compactNumber(used),
      compactNumber(percentage),
    ]);
  return smallTable(['account', 'used', 'percent'], rows, MAX_ACCOUNTS);
}
