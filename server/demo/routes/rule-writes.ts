import { type Answer, html } from '../answer';
import type { DemoRule } from '../demo-rule';
import { RucioFailure, UnhandledFailure } from '../failure';
import { internalErrorPage } from '../html-pages';
import { bodyParameters } from '../parameters';
import { type Json, pythonJson } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { updateRule, statementError } from '../rule-changes';
import { addRules } from '../rule-creation';
import { parseRuleId, ruleOf } from '../rule-lookup';
import { parseRuleWish, type RuleWish } from '../rule-wish';

/** What Rucio catches when it makes a rule. */
const CAUGHT: ReadonlySet<string> = new Set([
  'DuplicateRule',
  'InsufficientAccountLimit',
  'InsufficientTargetRSEs',
  'InvalidObject',
  'InvalidRSEExpression',
]);

/** Rucio writes these documents as if they were pages. */
function created(value: Json): Answer {
  return html(201, pythonJson(value));
}

/** @throws {RucioFailure} AccessDenied; as Rucio is configured here, only root may change rules */
function assertMayChange({ issuer, store }: DemoRequest, what: string, status: number): void {
  if (store.isAdmin(issuer)) return;
  const problem = `Account ${issuer} can not ${what} this replication rule. `;
  throw new RucioFailure(status, 'AccessDenied', problem);
}

function add({ body, issuer, store }: DemoRequest): Answer {
  const wish = parseRuleWish(bodyParameters(body), issuer);
  if (!store.isAdmin(issuer) && (wish.account !== issuer || wish.locked)) {
    const problem = `Account ${issuer} can not add replication rule. `;
    throw new RucioFailure(500, 'AccessDenied', problem);
  }
  return addingRules(() => created(addRules(store, wish)), 409);
}

/** @param caught - status of what Rucio catches */
function addingRules(make: () => Answer, caught: number): Answer {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    const { exceptionClass, message } = error;
    if (exceptionClass === 'InvalidSourceReplicaExpression') return html(500, internalErrorPage());
    if (CAUGHT.has(exceptionClass)) throw new RucioFailure(caught, exceptionClass, message);
    throw error;
  }
}

function update(request: DemoRequest): Answer {
  const { body, store } = request;
  const { options } = bodyParameters(body);
  if (options === undefined) throw new RucioFailure(400, 'KeyError', "'options' not defined");
  const chosen = parseOptions(options);
  if ('approve' in chosen) {
    assertMayChange(request, 'approve/deny', 401);
    return approve(request, chosen['approve']);
  }
  assertMayChange(request, 'update', 401);
  const written = request.params['rule_id'] ?? '';
  if (parseRuleId(written) === undefined) throw statementError(written);
  updateRule(store, ruleOf(request), chosen);
  return html(200, '');
}

function parseOptions(options: unknown): Readonly<Record<string, unknown>> {
  // Python goes through the letters of a text.
  if (typeof options === 'string') {
    return Object.fromEntries(Array.from(options, (key) => [key, 1]));
  }
  if (typeof options === 'object' && options !== null) return { ...options };
  const type = options === null ? 'NoneType' : typeof options === 'boolean' ? 'bool' : 'int';
  throw new UnhandledFailure(`argument of type '${type}' is not iterable`);
}

/** Nothing happens to a rule that does not wait for it. */
function approve(request: DemoRequest, approved: unknown): Answer {
  const { store } = request;
  const rule = ruleOf(request);
  if (rule.state !== 'WAITING_APPROVAL') return html(200, '');
  if (isTruthy(approved)) {
    Object.assign(rule, { state: 'INJECT', ignoreAccountLimit: true, updatedAt: store.now() });
  } else {
    store.removeRule(rule);
  }
  return html(200, '');
}

function isTruthy(value: unknown): boolean {
  return value !== false && value !== 0 && value !== '' && value !== null;
}

/** An hour from now Rucio would delete it for good. */
const DELETION_DELAY_MS = 3_600_000;

function remove(request: DemoRequest): Answer {
  const { purge_replicas: purge = null } = bodyParameters(request.body);
  assertMayChange(request, 'remove', 401);
  const { store } = request;
  const rule = ruleForSql(request);
  const refuse = (problem: string) => new RucioFailure(401, 'UnsupportedOperation', problem);
  if (rule.locked) {
    throw refuse('The replication rule is locked and has to be unlocked before it can be deleted.');
  }
  if (rule.childRuleId !== null) {
    throw refuse('The replication rule has a child rule and thus cannot be deleted.');
  }
  if (purge !== null) rule.purgeReplicas = purge === true;
  const end = store.now() + DELETION_DELAY_MS;
  rule.expiresAt = Math.min(end, rule.expiresAt ?? end);
  rule.updatedAt = store.now();
  return html(200, '');
}

/** Rules whose identifier the database itself refuses. */
function ruleForSql(request: DemoRequest): DemoRule {
  if (parseRuleId(request.params['rule_id'] ?? '') === undefined) {
    throw new UnhandledFailure('(builtins.ValueError) badly formed hexadecimal UUID string');
  }
  return ruleOf(request);
}

function reduce(request: DemoRequest): Answer {
  const { store } = request;
  const { copies, exclude_expression: exclude } = bodyParameters(request.body);
  if (copies === undefined) throw new RucioFailure(400, 'KeyError', "'copies' not defined");
  assertMayChange(request, 'reduce', 500);
  const rule = ruleForSql(request);
  if (typeof copies !== 'number') {
    throw new UnhandledFailure("'>=' not supported between instances of 'str' and 'int'");
  }
  const fail = (problem: string) => new RucioFailure(409, 'RuleReplaceFailed', problem);
  if (copies >= rule.copies) {
    throw fail('Copies of the new rule must be smaller than the old rule.');
  }
  if (rule.state !== 'OK') throw fail('The source rule must be in state OK.');
  const { rseExpression } = rule;
  const excluding = typeof exclude === 'string' && exclude !== '';
  const wish = {
    ...wishOf(rule, store.now()),
    copies,
    comment: null,
    rseExpression: excluding ? `(${rseExpression})\\(${exclude})` : rseExpression,
  };
  return addingRules(() => {
    const [id = ''] = addRules(store, wish);
    const made = store.rules.find((known) => known.id === id);
    if (made !== undefined && made.state !== 'OK') {
      store.forgetRule(made);
      throw fail('The replacement of the rule failed.');
    }
    store.removeRule(rule);
    return created(id);
  }, 500);
}

const OVERRIDABLE: ReadonlySet<string> = new Set([
  ...['account', 'copies', 'rse_expression', 'grouping', 'weight', 'lifetime', 'locked'],
  ...['subscription_id', 'source_replica_expression', 'activity', 'notify', 'purge_replicas'],
  ...['ignore_availability', 'comment'],
]);

function move(request: DemoRequest): Answer {
  const { store } = request;
  const { rse_expression: expression, rule_id, override } = bodyParameters(request.body);
  if (expression === undefined) {
    throw new RucioFailure(400, 'KeyError', "'rse_expression' not defined");
  }
  assertMayChange(request, 'move', 500);
  const named = typeof rule_id === 'string' ? rule_id : (request.params['rule_id'] ?? '');
  const rule = ruleOf({ ...request, params: { rule_id: named } });
  if (rule.childRuleId !== null) {
    const problem = 'The rule must not have a child rule.';
    throw new RucioFailure(409, 'RuleReplaceFailed', problem);
  }
  assertOverride(override ?? {});
  const wish = {
    ...wishOf(rule, store.now()),
    rseExpression: typeof expression === 'string' ? expression : '',
  };
  return addingRules(() => {
    const [id = ''] = addRules(store, wish);
    const made = store.rules.find((known) => known.id === id);
    const child = made?.state === 'OK' ? null : id;
    const now = store.now();
    Object.assign(rule, { childRuleId: child, expiresAt: now, updatedAt: now });
    return created(id);
  }, 500);
}

/** The demo takes no override; it refuses the keys that Rucio refuses, in its words. */
function assertOverride(override: unknown): void {
  const keys = typeof override === 'object' && override !== null ? Object.keys(override) : [];
  for (const key of keys) {
    const problem = ['dids', 'session'].includes(key)
      ? `Not allowed to override option ${key}`
      : OVERRIDABLE.has(key)
        ? `The demo does not override ${key}`
        : `Non-valid override option ${key}`;
    throw new RucioFailure(500, 'UnsupportedOperation', problem);
  }
}

/** The wish that would make such a rule again, for the rest of its life. */
function wishOf(rule: DemoRule, now: number): RuleWish {
  const { did, expiresAt } = rule;
  return {
    dids: [{ scope: did.scope, name: did.name }],
    account: rule.account,
    copies: rule.copies,
    rseExpression: rule.rseExpression,
    grouping: rule.grouping,
    weight: rule.weight,
    lifetime: expiresAt === null ? null : Math.floor((expiresAt - now) / 1000),
    locked: rule.locked,
    subscriptionId: rule.subscriptionId,
    sourceReplicaExpression: rule.sourceReplicaExpression,
    activity: rule.activity,
    notify: rule.notification === 'NO' ? 'N' : rule.notification.charAt(0),
    purgeReplicas: rule.purgeReplicas,
    ignoreAvailability: rule.ignoreAvailability,
    comment: rule.comments,
    askApproval: false,
    asynchronous: false,
    delayInjection: null,
    priority: 3,
    splitContainer: false,
    meta: null,
  };
}

const checked = { accept: [] } as const;

export const ruleWriteRoutes: readonly Route[] = [
  { ...checked, method: 'POST', path: '/rules/', handle: add },
  { ...checked, method: 'PUT', path: '/rules/<rule_id>', handle: update },
  { ...checked, method: 'DELETE', path: '/rules/<rule_id>', handle: remove },
  { ...checked, method: 'POST', path: '/rules/<rule_id>/reduce', handle: reduce },
  { ...checked, method: 'POST', path: '/rules/<rule_id>/move', handle: move },
];
