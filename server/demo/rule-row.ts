import { rfc1123 } from './python-date';
import type { Json } from './python-json';
import type { RuleState } from './rule-states';
import { stableId } from './store';

/** The identifier of a rule, 32 hexadecimal digits. */
export function ruleId({ rule }: RuleState): string {
  return stableId('rule', rule.scope, rule.name, rule.account, rule.rseExpression);
}

/** A rule as Rucio shows it, without the size of its DID. */
export function ruleRow(state: RuleState, createdAt: number): Readonly<Record<string, Json>> {
  const { rule, did } = state;
  const date = rfc1123(createdAt);
  return {
    id: ruleId(state),
    subscription_id: null,
    account: rule.account,
    scope: rule.scope,
    name: rule.name,
    did_type: did.type,
    state: state.state,
    error: null,
    rse_expression: rule.rseExpression,
    copies: rule.copies,
    expires_at: rule.lifetime === null ? null : rfc1123(createdAt + rule.lifetime * 1000),
    weight: null,
    locked: state.locked,
    locks_ok_cnt: state.present.length,
    locks_replicating_cnt: state.missing.length,
    locks_stuck_cnt: 0,
    source_replica_expression: null,
    activity: rule.activity,
    grouping: rule.grouping,
    notification: 'NO',
    stuck_at: rule.fate === 'stuck' ? date : null,
    purge_replicas: false,
    ignore_availability: false,
    ignore_account_limit: false,
    priority: 3,
    comments: rule.comment,
    child_rule_id: null,
    eol_at: null,
    split_container: false,
    meta: null,
    created_at: date,
    updated_at: date,
    deleted_at: null,
  };
}
