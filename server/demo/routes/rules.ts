import { type Answer, CONTENT_TYPES, document } from '../answer';
import { RucioFailure } from '../failure';
import type { DemoRequest, Route } from '../router';
import { ruleId, ruleRow } from '../rule-row';

function rule({ params, store }: DemoRequest): Answer {
  const written = params['rule_id'] ?? '';
  const id = written.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new RucioFailure(500, 'RucioException', `Badly formatted rule id (${written})`);
  }
  const found = store.rules.find((state) => ruleId(state) === id);
  if (found === undefined) {
    throw new RucioFailure(404, 'RuleNotFound', `No rule with the id ${id} found`);
  }
  return document(ruleRow(found, store.createdAt));
}

export const ruleRoutes: readonly Route[] = [
  { path: '/rules/<rule_id>', method: 'GET', accept: [CONTENT_TYPES.json], handle: rule },
];
