import { type Answer, CONTENT_TYPES, document, stream } from '../answer';
import type { DemoRule } from '../demo-rule';
import { RucioFailure, UnhandledFailure } from '../failure';
import { splitScopeName } from '../parameters';
import { rfc1123 } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { ruleAnalysis } from '../rule-analysis';
import { parseRuleFilters } from '../rule-filters';
import { listedRule, ruleRow } from '../rule-row';
import { stableId } from '../store';

/**
 * The rule that the path names, in any way of writing an identifier.
 *
 * @param missing - status when there is none
 * @throws {RucioFailure} RuleNotFound, or 500 RucioException for what is no identifier
 */
export function requestedRule({ params, store }: DemoRequest, missing = 404): DemoRule {
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

function parseRuleId(written: string): string | undefined {
  const id = written.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

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
  return document(ruleRow(requestedRule(request)));
}

function analysis(request: DemoRequest): Answer {
  return document(ruleAnalysis(request.store, requestedRule(request, 500)));
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
  const own = store.rules.filter(({ did }) => did.scope === scope && did.name === name);
  return stream(own.flatMap((rule) => historyRow(rule)));
}

/** Rucio notes a rule when it first acts on it, and never again. */
function historyRow(rule: DemoRule): readonly Json[] {
  if (rule.recorded === null) return [];
  const { state, counts } = rule.recorded;
  return [
    {
      rule_id: rule.id,
      created_at: rfc1123(rule.createdAt),
      updated_at: rfc1123(rule.updatedAt),
      rse_expression: rule.rseExpression,
      state,
      account: rule.account,
      locks_ok_cnt: counts.OK,
      locks_stuck_cnt: counts.STUCK,
      locks_replicating_cnt: counts.REPLICATING,
    },
  ];
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
