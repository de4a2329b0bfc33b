/**
 * States of a rule by the letters that filters take; answers have the names.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/db/sqla/constants.py (RuleState)
 */
export const RULE_STATE_LETTERS = {
  OK: 'O',
  REPLICATING: 'R',
  STUCK: 'S',
  SUSPENDED: 'U',
  WAITING_APPROVAL: 'W',
  INJECT: 'I',
} as const;
export type RuleState = keyof typeof RULE_STATE_LETTERS;

/** Conditions on rules that all hold. `scope` and `account` may have `*`. */
export interface RuleFilter {
  readonly account?: string | undefined;
  readonly scope?: string | undefined;
  readonly name?: string | undefined;
  readonly state?: RuleState | undefined;
  /** Exactly as it is written in the rule. */
  readonly rseExpression?: string | undefined;
  readonly activity?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly createdBefore?: Date | undefined;
  readonly createdAfter?: Date | undefined;
  readonly updatedBefore?: Date | undefined;
  readonly updatedAfter?: Date | undefined;
}

/** The filter as query parameters. */
export function toRuleQuery(filter: RuleFilter): Record<string, string> {
  const { state, createdBefore, createdAfter, updatedBefore, updatedAfter } = filter;
  const values: Record<string, string | undefined> = {
    account: filter.account,
    scope: filter.scope,
    name: filter.name,
    state: state === undefined ? undefined : RULE_STATE_LETTERS[state],
    rse_expression: filter.rseExpression,
    activity: filter.activity,
    subscription_id: filter.subscriptionId,
    created_before: toRucioDate(createdBefore),
    created_after: toRucioDate(createdAfter),
    updated_before: toRucioDate(updatedBefore),
    updated_after: toRucioDate(updatedAfter),
  };
  const given = Object.entries(values).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return Object.fromEntries(given);
}

/** RFC 1123 as Rucio writes and reads it: with `UTC`, which Python's parser takes literally. */
function toRucioDate(date: Date | undefined): string | undefined {
  return date?.toUTCString().replace('GMT', 'UTC');
}
