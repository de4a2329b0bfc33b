import { z } from 'zod';

import { formatDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { Cell } from '../results';
import { parseRuleId } from '../rule-id';

const Text = z.string().nullable();
const Count = z.union([z.number(), z.string()]).nullable();

export const getReplicationRule = defineTool({
  name: 'rucio_get_replication_rule',
  input: z.strictObject({ rule_id: z.string() }),
  output: z.object({
    id: z.string(),
    did: z.string(),
    did_type: Text,
    account: Text,
    state: Text,
    rse_expression: Text,
    copies: Count,
    locks_ok: Count,
    locks_replicating: Count,
    locks_stuck: Count,
    created_at: Text,
    updated_at: Text,
    expires_at: Text,
    error: Text,
    /** What most rules do not have. */
    more: z.record(z.string(), Cell).optional(),
  }),
  run: async (input, { rucio, signal }) => {
    const rule = await rucio.rules.get(parseRuleId(input.rule_id), { signal });
    const more = moreOf(rule);
    return {
      id: escapeName(rule.id),
      did: escapeName(formatDid(rule)),
      did_type: compactText(rule.did_type),
      account: compactText(rule.account),
      state: compactText(rule.state),
      rse_expression: compactText(rule.rse_expression),
      copies: compactNumber(rule.copies),
      locks_ok: compactNumber(rule.locks_ok_cnt),
      locks_replicating: compactNumber(rule.locks_replicating_cnt),
      locks_stuck: compactNumber(rule.locks_stuck_cnt),
      created_at: compactDate(rule.created_at),
      updated_at: compactDate(rule.updated_at),
      expires_at: compactDate(rule.expires_at),
      error: compactText(rule.error),
      ...(Object.keys(more).length === 0 ? {} : { more }),
    };
  },
});

function moreOf(rule: RuleRow): Record<string, Cell> {
  const all: Record<string, Cell> = {
    grouping: compactText(rule.grouping),
    activity: compactText(rule.activity),
    comment: compactText(rule.comments),
    notify: compactText(rule.notification),
    priority: compactNumber(rule.priority),
    weight: compactText(rule.weight),
    source_replica_expression: compactText(rule.source_replica_expression),
    subscription_id: compactText(rule.subscription_id),
    child_rule_id: compactText(rule.child_rule_id),
    stuck_at: compactDate(rule.stuck_at),
    end_of_life_at: compactDate(rule.eol_at),
    locked: rule.locked ?? false,
    purge_replicas: rule.purge_replicas ?? false,
    ignore_account_limit: rule.ignore_account_limit ?? false,
    ignore_availability: rule.ignore_availability ?? false,
    split_container: rule.split_container ?? false,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== null && value !== false),
  );
}
