import { DATA_QUESTIONS } from './data-questions';
import { PLACE_QUESTIONS } from './place-questions';
import type { Question } from './question';
import { RULE_QUESTIONS } from './rule-questions';

/** What the tools must answer, in the order of their numbers. */
export const QUESTIONS: readonly Question[] = [
  ...DATA_QUESTIONS,
  ...RULE_QUESTIONS,
  ...PLACE_QUESTIONS,
].sort((a, b) => a.number - b.number);
