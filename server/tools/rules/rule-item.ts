import type { RuleRow } from '../../rucio/schemas/rules';
import { compactDate, compactNumber, compactText } from '../compact';
import type { Cell, Item } from '../results';

/** Columns of a list of rules on many DIDs. */
export const RULE_COLUMNS = [
  'did',
  'id',
  'account',
  'state',
  'rse_expression',
  'copies',
  'locks_ok',
  'locks_replicating',
  'locks_stuck',
  'bytes',
  'expires_at',
] as const;

/** A rule as a row of {@link RULE_COLUMNS}, sorted by DID and creation. */
export function ruleItem(rule: RuleRow): Item {
  const { scope, name } = rule;
  return {
    sortKey: `${scope}:${name} ${compactDate(rule.created_at) ?? ''} ${rule.id}`,
    did: { scope, name },
    rows: [[...ruleCells(rule), compactNumber(rule.bytes), compactDate(rule.expires_at)]],
  };
}

/** The cells that every list of rules begins with: `id` to `locks_stuck`. */
export function ruleCells(rule: RuleRow): Cell[] {
  return [
    compactText(rule.id),
    compactText(rule.account),
    compactText(rule.state),
    compactText(rule.rse_expression),
    compactNumber(rule.copies),
    compactNumber(rule.locks_ok_cnt),
    compactNumber(rule.locks_replicating_cnt),
    compactNumber(rule.locks_stuck_cnt),
  ];
}
