import type { DemoRule } from './demo-rule';
import { RucioFailure } from './failure';
import type { DemoRequest } from './router';

/**
 * The rule that the path names, in any way of writing an identifier.
 *
 * @param missing - status when there is none
 * @throws {RucioFailure} RuleNotFound, or 500 RucioException for what is no identifier
 */
export function ruleOf({ params, store }: DemoRequest, missing = 404): DemoRule {
  const written = params['rule_id'] ?? '';
  const id = parseRuleId(written);
  if (id === undefined) {
    throw new RucioFailure(500, 'RucioException', `Badly formatted rule id (${written})`);
  }
  const found = store.rules.find((rule) => rule.id === id);
  if (found === undefined) {
    throw new RucioFailure(missing, 'RuleNotFound', `No rule with the id ${written} found`);
  }
  return found;
}

/** @returns `undefined` for what is no identifier */
export function parseRuleId(written: string): string | undefined {
  const id = written.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}
