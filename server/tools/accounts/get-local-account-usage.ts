import { z } from 'zod';

import type { LocalUsageRow } from '../../rucio/schemas/accounts';
import { escapeName } from '../../rucio/untrusted-text';
import { atRse } from '../at-rse';
import { compactNumber, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import {
  type PageRequest,
  accountOf,
  accountParam,
  limitParam,
  offsetParam,
  trimmed,
} from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';

const COLUMNS = ['rse', 'files', 'bytes', 'limit', 'left'] as const;

export const getLocalAccountUsage = defineTool({
  name: 'rucio_get_local_account_usage',
  input: z.strictObject({
    account: accountParam,
    rse: z.string().default('').describe('default: all'),
    hide_zero: z.boolean().default(true).describe('without RSEs where nothing is used'),
    limit: limitParam(50),
    offset: offsetParam,
  }),
  output: z.object({ account: z.string(), ...tableShape }),
  run: async (input, context) => {
    const account = accountOf(input.account, context);
    const rse = trimmed(input.rse);
    const read = (at: string | undefined) => tableOf({ ...input, account, rse: at }, context);
    const table = rse === undefined ? await read(undefined) : await atRse(context, rse, read);
    return { account: escapeName(account), ...table };
  },
});

interface Question extends PageRequest {
  readonly account: string;
  readonly rse: string | undefined;
  readonly hide_zero: boolean;
}

async function tableOf(question: Question, context: ToolContext) {
  const { account, rse, hide_zero: hideZero } = question;
  const rows = context.rucio.accounts.localUsage(account, rse, { signal: context.signal });
  const seen = { hidden: 0 };
  const shown = hideZero && rse === undefined ? used(rows, seen) : rows;
  const page = await pageOf(shown, toItem, question, context);
  const notes = [
    ...(seen.hidden > 0 ? [`${seen.hidden} RSEs without usage are left out (hide_zero)`] : []),
    'Rucio counts with a delay, and counts what is still on its way',
  ];
  return toTable(COLUMNS, page, ...notes);
}

async function* used(
  rows: AsyncIterable<LocalUsageRow>,
  seen: { hidden: number },
): AsyncGenerator<LocalUsageRow> {
  for await (const row of rows) {
    if (Number(row.bytes ?? 0) !== 0 || (row.files ?? 0) !== 0) yield row;
    else seen.hidden += 1;
  }
}

function toItem(row: LocalUsageRow): Item {
  return {
    sortKey: row.rse,
    rows: [
      [
        compactText(row.rse),
        compactNumber(row.files),
        compactNumber(row.bytes),
        compactNumber(row.bytes_limit),
        compactNumber(row.bytes_remaining),
      ],
    ],
  };
}
