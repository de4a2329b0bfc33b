import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

import { formatDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { Int } from '../params';
import { locksOf } from './explain-rule';
import { RULE_MEANT, ruleMeant } from './rule-meant';

/** Waits between two looks, in milliseconds: soon at first, then seldom. */
const FIRST_WAIT_MS = 500;
const LAST_WAIT_MS = 8000;
const MAX_SECONDS = 50;
/** What is kept of the call's time for the last look, in milliseconds. */
const RESERVE_MS = 5000;
/** When another call may be worth it, in seconds. */
const RETRY_SECONDS = 300;

/** States in which Rucio is still at work. */
const AT_WORK: ReadonlySet<string> = new Set(['REPLICATING', 'INJECT']);

const Locks = z.object({ ok: Int, replicating: Int, stuck: Int });

export const waitForRule = defineTool({
  name: 'rucio_wait_for_rule',
  input: z.strictObject({
    rule_id: z.string().describe(RULE_MEANT),
    max_seconds: Int.default(MAX_SECONDS).describe(`at most ${MAX_SECONDS}`),
  }),
  output: z.object({
    rule_id: z.string(),
    did: z.string(),
    state: z.string(),
    percent: Int,
    before: Locks,
    after: Locks,
    changed: z.boolean(),
    expires_at: z.string().nullable(),
    retry_in: Int.nullable(),
    next: z.string().optional(),
  }),
  run: async (input, context) => {
    const first = await ruleMeant(input.rule_id, context);
    const id = escapeName(first.id);
    report(first, context);
    const last = await waitFor(first, input.max_seconds, context);
    const [before, { percent, ...after }] = [locksOf(first), locksOf(last)];
    const isAtWork = AT_WORK.has(last.state);
    return {
      rule_id: id,
      did: escapeName(formatDid(last)),
      state: escapeName(last.state),
      percent,
      before: { ok: before.ok, replicating: before.replicating, stuck: before.stuck },
      after,
      changed:
        JSON.stringify(locksOf(first)) !== JSON.stringify(locksOf(last)) ||
        first.state !== last.state,
      expires_at: compactDate(last.expires_at),
      retry_in: isAtWork ? RETRY_SECONDS : null,
      ...(last.state === 'OK' ? {} : { next: `rucio_explain_rule(rule_id="${id}")` }),
    };
  },
});

async function waitFor(first: RuleRow, seconds: number, context: ToolContext): Promise<RuleRow> {
  const { rucio, signal, deadlineMs } = context;
  const wantedMs = Math.min(Math.max(seconds, 0), MAX_SECONDS) * 1000;
  const end = performance.now() + Math.min(wantedMs, Math.max(deadlineMs - RESERVE_MS, 0));
  let waitMs = FIRST_WAIT_MS;
  let rule = first;
  for (;;) {
    const leftMs = end - performance.now();
    if (!AT_WORK.has(rule.state) || leftMs <= 0) return rule;
    await sleep(Math.min(waitMs, leftMs), undefined, { signal });
    rule = await rucio.rules.get(first.id, { signal });
    report(rule, context);
    waitMs = Math.min(waitMs * 2, LAST_WAIT_MS);
  }
}

function report(rule: RuleRow, { progress }: ToolContext): void {
  const { ok, replicating, stuck } = locksOf(rule);
  progress({ done: ok, total: ok + replicating + stuck, message: 'files in place' });
}
