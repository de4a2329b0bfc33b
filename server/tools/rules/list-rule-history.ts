import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { RuleHistoryRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { ensureDid } from '../dids/ensure-did';
import { limitParam, offsetParam } from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';

const COLUMNS = [
  'rule_id',
  'account',
  'state',
  'rse_expression',
  'locks_ok',
  'locks_replicating',
  'locks_stuck',
  'created_at',
  'updated_at',
] as const;

export const listRuleHistory = defineTool({
  name: 'rucio_list_rule_history',
  input: z.strictObject({ did: z.string(), limit: limitParam(50), offset: offsetParam }),
  output: z.object({ did: z.string(), ...tableShape }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const rows = context.rucio.rules.history(did, { signal: context.signal });
    const page = await pageOf(rows, toItem, input, context);
    if (page.count === 0) await ensureDid(context, did);
    const notes = page.count > 0 ? [] : ['the DID exists and never had a rule of its own'];
    return { did: escapeName(formatDid(did)), ...toTable(COLUMNS, page, ...notes) };
  },
});

function toItem(row: RuleHistoryRow): Item {
  const created = compactDate(row.created_at);
  return {
    sortKey: `${created ?? ''} ${row.rule_id} ${compactDate(row.updated_at) ?? ''}`,
    rows: [
      [
        compactText(row.rule_id),
        compactText(row.account),
        compactText(row.state),
        compactText(row.rse_expression),
        compactNumber(row.locks_ok_cnt),
        compactNumber(row.locks_replicating_cnt),
        compactNumber(row.locks_stuck_cnt),
        created,
        compactDate(row.updated_at),
      ],
    ],
  };
}
