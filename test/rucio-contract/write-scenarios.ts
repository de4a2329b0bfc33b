import { APPROVAL, CHANGES, DELETION, DENIAL, MOVE, REDUCTION } from './rule-change-scenarios';
import { NEW_RULES, REFUSED_RULES } from './rule-creation-scenarios';
import type { Scenario } from './write-calls';

/** Changes of rules. */
export const WRITE_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'rules that are refused': REFUSED_RULES,
  'new rules': NEW_RULES,
  'changes of a rule': CHANGES,
  approval: APPROVAL,
  denial: DENIAL,
  deletion: DELETION,
  reduction: REDUCTION,
  move: MOVE,
};
