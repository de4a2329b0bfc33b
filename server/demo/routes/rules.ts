import { type Answer, CONTENT_TYPES, document, stream } from '../answer';
import type { DemoRule } from '../demo-rule';
import { UnhandledFailure } from '../failure';
import { splitScopeName } from '../parameters';
import { rfc1123 } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { ruleAnalysis } from '../rule-analysis';
import { parseRuleFilters } from '../rule-filters';
import { parseRuleId, ruleOf } from '../rule-lookup';
import { listedRule, ruleRow } from '../rule-row';
import { stableId } from '../store';

function list({ query, store }: DemoRequest): Answer {
  const wanted = parseRuleFilters(query);
  return stream(store.rules.filter(wanted).map((rule) => listedRule(rule)));
}

function ofAccount({ params, query, store }: DemoRequest): Answer {
  const filters = new URLSearchParams(query);
  if (!filters.has('account')) filters.set('account', params['account'] ?? '');
  const wanted = parseRuleFilters(filters);
  return stream(store.rules.filter(wanted).map((rule) => listedRule(rule)));
}

function get(request: DemoRequest): Answer {
  return document(ruleRow(ruleOf(request)));
}

function analysis(request: DemoRequest): Answer {
  return document(ruleAnalysis(request.store, ruleOf(request, 500)));
}

/** Every file that the rule keeps, on every storage element. An unknown rule keeps none. */
function locks({ params, store }: DemoRequest): Answer {
  const id = parseRuleId(params['rule_id'] ?? '');
  if (id === undefined) {
    throw new UnhandledFailure('(builtins.ValueError) badly formed hexadecimal UUID string');
  }
  const rule = store.rules.find((known) => known.id === id);
  return stream(
    (rule?.locks ?? []).map(({ file, rse, state }) => ({
      scope: file.scope,
      name: file.name,
      rse_id: stableId('rse', rse.rse),
      rse: rse.rse,
      state,
      rule_id: id,
    })),
  );
}

function history({ params, store }: DemoRequest): Answer {
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const isOn = ({ did }: DemoRule) => did.scope === scope && did.name === name;
  return stream([
    ...store.rules.filter(isOn).flatMap((rule) => records(rule)),
    // Rucio notes a rule again when it deletes it.
    ...store.removedRules.filter(isOn).flatMap((rule) => [...records(rule), record(rule, rule)]),
  ]);
}

/** Rucio notes a rule when it first acts on it. */
function records(rule: DemoRule): readonly Json[] {
  return rule.recorded === null ? [] : [record(rule, rule.recorded)];
}

function record(rule: DemoRule, { state, counts }: Pick<DemoRule, 'state' | 'counts'>): Json {
  return {
    rule_id: rule.id,
    created_at: rfc1123(rule.createdAt),
    updated_at: rfc1123(rule.updatedAt),
    rse_expression: rule.rseExpression,
    state,
    account: rule.account,
    locks_ok_cnt: counts.OK,
    locks_stuck_cnt: counts.STUCK,
    locks_replicating_cnt: counts.REPLICATING,
  };
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const ruleRoutes: readonly Route[] = [
  { ...rows, path: '/rules/', handle: list },
  { ...json, path: '/rules/<rule_id>', handle: get },
  { ...rows, path: '/rules/<rule_id>/locks', handle: locks },
  { ...json, path: '/rules/<rule_id>/analysis', handle: analysis },
  // Rucio has a history of one rule, too, but this route gets all its requests.
  { ...rows, path: '/rules/<path:scope_name>/history', handle: history },
  { ...rows, path: '/accounts/<account>/rules', handle: ofAccount },
];
