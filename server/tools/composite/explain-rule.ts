import { z } from 'zod';

import { formatDid } from '../../rucio/did';
import type { RequestRow } from '../../rucio/schemas/requests';
import type { RuleRow } from '../../rucio/schemas/rules';
import { cleanMessage, escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactText } from '../compact';
import { defineTool } from '../define';
import { Int } from '../params';
import type { Cell } from '../results';
import { NotPermitted, SmallTable, smallTable, unlessEmpty } from './fields';
import { Parts } from './parts';
import { RULE_CAUSES, diagnose, isText } from './rule-cause';
import { MAX_LOCKS, type RuleFacts, gatherRuleFacts } from './rule-facts';
import { RULE_MEANT, ruleMeant } from './rule-meant';
import { fromBytes, percentOf } from './sizes';

const MAX_ROWS = 5;
const MAX_SOURCES = 3;

export const explainRule = defineTool({
  name: 'rucio_explain_rule',
  input: z.strictObject({ rule_id: z.string().describe(RULE_MEANT) }),
  output: z.object({
    rule_id: z.string(),
    did: z.string(),
    account: z.string().nullable(),
    state: z.string(),
    rse_expression: z.string(),
    copies: Int.nullable(),
    ok: Int,
    replicating: Int,
    stuck: Int,
    percent: Int,
    created_at: z.string().nullable(),
    expires_at: z.string().nullable(),
    cause: z.enum(RULE_CAUSES),
    verdict: z.string(),
    fix: z.string().nullable(),
    destinations: SmallTable.optional(),
    errors: SmallTable.optional(),
    transfers: SmallTable.optional(),
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const rule = await ruleMeant(input.rule_id, context);
    const parts = new Parts();
    const facts = await gatherRuleFacts(context, rule, parts);
    const { cause, verdict, fix } = diagnose(facts);
    return {
      rule_id: escapeName(rule.id),
      did: escapeName(formatDid(rule)),
      account: compactText(rule.account),
      state: escapeName(rule.state),
      rse_expression: escapeName(rule.rse_expression),
      copies: rule.copies ?? null,
      ...locksOf(rule),
      created_at: compactDate(rule.created_at),
      expires_at: compactDate(rule.expires_at),
      cause,
      verdict: facts.areCounted
        ? verdict
        : `${verdict} Of its destinations only the first ${MAX_LOCKS} files were counted.`,
      fix,
      ...(cause === 'DONE' ? {} : tablesOf(facts)),
      ...parts.notPermitted,
    };
  },
});

/** How many files are in place, on their way and stuck. */
export function locksOf(rule: RuleRow) {
  const ok = rule.locks_ok_cnt ?? 0;
  const replicating = rule.locks_replicating_cnt ?? 0;
  const stuck = rule.locks_stuck_cnt ?? 0;
  return { ok, replicating, stuck, percent: percentOf(ok, ok + replicating + stuck) };
}

function tablesOf(facts: RuleFacts) {
  return {
    ...unlessEmpty('destinations', destinationsOf(facts)),
    ...unlessEmpty('errors', errorsOf(facts)),
    ...unlessEmpty('transfers', transfersOf(facts)),
  };
}

function destinationsOf({ destinations }: RuleFacts): SmallTable {
  const rows = destinations.map((to): Cell[] => [
    escapeName(to.rse),
    compactText(to.row?.rse_type),
    to.row?.availability_write ?? null,
    to.ok,
    to.replicating,
    to.stuck,
    fromBytes(to.free),
    fromBytes(to.quotaLeft),
  ]);
  const columns = ['rse', 'type', 'writable', 'ok', 'replicating', 'stuck', 'free', 'quota_left'];
  return smallTable(columns, rows, MAX_ROWS);
}

/** Failed transfers with the same destination and error are one row. */
function errorsOf({ transfers }: RuleFacts): SmallTable {
  const groups = new Map<
    string,
    { rse: string; error: string | null; files: number; attempts: number; sources: Set<string> }
  >();
  for (const { rse, last_error: lastError, attempts, sources } of transfers) {
    const error = isText(lastError) ? cleanMessage(lastError) : null;
    const key = `${rse ?? ''} ${error ?? ''}`;
    const group = groups.get(key) ?? {
      rse: rse ?? '',
      error,
      files: 0,
      attempts: 0,
      sources: new Set(),
    };
    groups.set(key, group);
    group.files += 1;
    group.attempts = Math.max(group.attempts, attempts ?? 0);
    for (const [source, canRead] of sources ?? []) {
      group.sources.add(`${escapeName(source)}${canRead ? '' : ' (not readable)'}`);
    }
  }
  const rows = [...groups.values()]
    .sort((a, b) => b.files - a.files || (a.rse < b.rse ? -1 : 1))
    .map(({ rse, error, files, attempts, sources }): Cell[] => [
      escapeName(rse),
      error,
      files,
      attempts,
      [...sources].sort().slice(0, MAX_SOURCES).join(', ') || null,
    ]);
  return smallTable(['rse', 'error', 'files', 'attempts', 'sources'], rows, MAX_ROWS);
}

/** Of a few files only; those in the same state between the same RSEs are one row. */
function transfersOf({ requests, rule }: RuleFacts): SmallTable {
  const groups = new Map<string, { request: RequestRow; files: number; retries: number }>();
  for (const request of rule.state === 'SUSPENDED' ? [] : requests) {
    const key = `${request.state ?? ''} ${request.source_rse ?? ''} ${request.dest_rse ?? ''}`;
    const group = groups.get(key) ?? { request, files: 0, retries: 0 };
    groups.set(key, group);
    group.files += 1;
    group.retries = Math.max(group.retries, request.retry_count ?? 0);
  }
  const rows = [...groups.values()].map(({ request, files, retries }): Cell[] => [
    compactText(request.state),
    compactText(request.source_rse),
    compactText(request.dest_rse),
    files,
    retries,
    compactDate(request.submitted_at ?? request.created_at),
    escapeName(request.name),
  ]);
  const columns = ['state', 'source', 'rse', 'files_seen', 'retries', 'since', 'example'];
  return smallTable(columns, rows, MAX_ROWS);
}
