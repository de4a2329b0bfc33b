import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { clampPage, limitParam, offsetParam } from '../params';
import { type Item, itemsOf, readPage, tableShape, toTable } from '../results';

const COLUMNS = [
  'id',
  'account',
  'state',
  'rse_expression',
  'copies',
  'locks_ok',
  'locks_replicating',
  'locks_stuck',
  'expires_at',
  'error',
] as const;

export const listDidRules = defineTool({
  name: 'rucio_list_did_rules',
  input: z.strictObject({ did: z.string(), limit: limitParam(100), offset: offsetParam }),
  output: z.object({ did: z.string(), ...tableShape }),
  run: async (input, { rucio, signal, progress }) => {
    const did = parseDid(input.did);
    const rows = itemsOf(rucio.dids.rules(did, { signal }), toItem);
    const reading = readPage(rows, clampPage(input), progress);
    const page = await withNearNames(rucio, did, signal, reading);
    const notes =
      page.count > 0
        ? []
        : ['the DID exists and has no rule of its own; rules on its parents may cover it'];
    return { did: escapeName(formatDid(did)), ...toTable(COLUMNS, page, ...notes) };
  },
});

function toItem(rule: RuleRow): Item {
  const created = compactDate(rule.created_at) ?? '';
  return {
    sortKey: `${created} ${rule.id}`,
    rows: [
      [
        compactText(rule.id),
        compactText(rule.account),
        compactText(rule.state),
        compactText(rule.rse_expression),
        compactNumber(rule.copies),
        compactNumber(rule.locks_ok_cnt),
        compactNumber(rule.locks_replicating_cnt),
        compactNumber(rule.locks_stuck_cnt),
        compactDate(rule.expires_at),
        compactText(rule.error),
      ],
    ],
  };
}
