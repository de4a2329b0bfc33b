import { z } from 'zod';

import { RULE_STATE_LETTERS, type RuleState } from '../../rucio/rule-filter';

const STATES = ['', ...(Object.keys(RULE_STATE_LETTERS) as RuleState[])] as const;

/** A state of rules, or all states. */
export const stateParam = z.enum(STATES).default('');

export function stateOf(state: z.output<typeof stateParam>): RuleState | undefined {
  return state === '' ? undefined : state;
}
