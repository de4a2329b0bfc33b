import type { DemoRule } from './demo-rule';
import { rfc1123 } from './python-date';
import type { Json } from './python-json';

/** A rule as Rucio shows it, without the size of its DID. */
export function ruleRow(rule: DemoRule): Readonly<Record<string, Json>> {
  return {
    id: rule.id,
    subscription_id: rule.subscriptionId,
    account: rule.account,
    scope: rule.did.scope,
    name: rule.did.name,
    did_type: rule.did.type,
    state: rule.state,
    error: rule.error,
    rse_expression: rule.rseExpression,
    copies: rule.copies,
    expires_at: dateOrNull(rule.expiresAt),
    weight: rule.weight,
    locked: rule.locked,
    locks_ok_cnt: rule.counts.OK,
    locks_replicating_cnt: rule.counts.REPLICATING,
    locks_stuck_cnt: rule.counts.STUCK,
    source_replica_expression: rule.sourceReplicaExpression,
    activity: rule.activity,
    grouping: rule.grouping,
    notification: rule.notification,
    stuck_at: dateOrNull(rule.stuckAt),
    purge_replicas: rule.purgeReplicas,
    ignore_availability: rule.ignoreAvailability,
    ignore_account_limit: rule.ignoreAccountLimit,
    priority: rule.priority,
    comments: rule.comments,
    child_rule_id: rule.childRuleId,
    eol_at: null,
    split_container: rule.splitContainer,
    meta: rule.meta,
    created_at: rfc1123(rule.createdAt),
    updated_at: rfc1123(rule.updatedAt),
    deleted_at: null,
  };
}

/** A rule in a list: with the size of its DID, which is unknown while the DID is open. */
export function listedRule(rule: DemoRule): Json {
  return { ...ruleRow(rule), bytes: rule.did.bytes };
}

function dateOrNull(ms: number | null): string | null {
  return ms === null ? null : rfc1123(ms);
}
