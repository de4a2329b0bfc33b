import { z } from 'zod';

import { type Did, formatDid, parseDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { type PageRequest, clampPage, limitParam, offsetParam } from '../params';
import { type Item, itemsOf, readPage, tableShape, toTable } from '../results';
import { MAX_PARENTS, coveringRules } from './covering-rules';
import { ruleCells } from './rule-item';

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
  input: z.strictObject({
    did: z.string(),
    covering: z.boolean().default(false).describe('also rules of what contains it'),
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object({ did: z.string(), ...tableShape }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const did = parseDid(input.did);
    if (input.covering) return covering(did, input, context);
    const rows = itemsOf(rucio.dids.rules(did, { signal }), toItem);
    const reading = readPage(rows, clampPage(input), context);
    const page = await withNearNames(rucio, did, signal, reading);
    const notes =
      page.count > 0
        ? []
        : [
            'the DID exists and has no rule of its own; rules of its parents may keep it: covering=true',
          ];
    return { did: escapeName(formatDid(did)), ...toTable(COLUMNS, page, ...notes) };
  },
});

async function covering(did: Did, request: PageRequest, context: ToolContext) {
  const covered = { isWhole: true };
  const rows = itemsOf(coveringRules(context, did, covered), (rule): Item => {
    const { scope, name } = rule;
    return { ...toItem(rule), did: { scope, name } };
  });
  const page = await readPage(rows, clampPage(request), context);
  const notes = covered.isWhole
    ? page.count > 0
      ? []
      : ['no rule keeps it: Rucio may delete its copies']
    : [`it is in many collections: only ${MAX_PARENTS} of them were looked at`];
  return { did: escapeName(formatDid(did)), ...toTable(['did', ...COLUMNS], page, ...notes) };
}

function toItem(rule: RuleRow): Item {
  const created = compactDate(rule.created_at) ?? '';
  return {
    sortKey: `${created} ${rule.id}`,
    rows: [[...ruleCells(rule), compactDate(rule.expires_at), compactText(rule.error)]],
  };
}
