import type { DemoRule } from './demo-rule';
import { RucioFailure, UnhandledFailure } from './failure';
import { pythonJson, type Json } from './python-json';
import { parseActivity } from './rule-wish';
import type { DemoStore } from './store';

type Options = Readonly<Record<string, unknown>>;
type Patch = Partial<DemoRule>;
type Change = (value: unknown, rule: DemoRule, store: DemoStore) => Patch;

/** What each option does. Rucio takes some without looking at the value. */
const CHANGES: Readonly<Record<string, Change>> = {
  comment: (value) => ({ comments: value as string | null }),
  locked: (value, { id }) => ({ locked: parseLocked(value, id) }),
  lifetime: (value, _, store) => ({ expiresAt: expiry(value, store.now()) }),
  account: (value, _, store) => ({ account: parseAccount(value, store) }),
  state: (value, _, store) => changeState(value, store.now()),
  activity: (value) => ({ activity: parseActivity(value, 'activity', 500) }),
  source_replica_expression: (value) => ({ sourceReplicaExpression: value as string | null }),
  cancel_requests: () => ({}),
  priority: (value) => ({ priority: value as number }),
  child_rule_id: changeChild,
  eol_at: () => ({}),
  meta: (value) => ({ meta: pythonJson(value as Json) }),
  purge_replicas: (value) => ({ purgeReplicas: value as boolean }),
  boost_rule: () => ({}),
};

/**
 * Changes a rule; all options or none.
 *
 * @throws {RucioFailure} 409 InputValidationError for an unknown option, and what options refuse
 */
export function updateRule(store: DemoStore, rule: DemoRule, options: Options): void {
  assertOptions(options);
  const patches = Object.entries(options).map(([key, value]) => CHANGES[key]?.(value, rule, store));
  if (patches.length === 0) return;
  Object.assign(rule, ...patches, { updatedAt: store.now() });
  if (!isGivenUp(options)) return;
  // Rucio changes the locks of a rule that is given up, but does not count them again.
  for (const lock of rule.locks) if (lock.state === 'REPLICATING') lock.state = 'STUCK';
}

function isGivenUp({ state }: Options): boolean {
  return typeof state === 'string' && state.toLowerCase() === 'stuck';
}

/** @throws {RucioFailure} 409 InputValidationError */
function assertOptions(options: Options): void {
  const unknown = Object.keys(options).find((key) => CHANGES[key] === undefined);
  if (unknown === undefined) return;
  throw new RucioFailure(409, 'InputValidationError', `${unknown} is not a valid option to set.`);
}

function parseLocked(value: unknown, id: string): boolean {
  if (value === true || value === 1) return true;
  if (value === false || value === 0 || value === null) return false;
  throw statementError(id);
}

export function statementError(id: string): RucioFailure {
  const problem = `A StatementError occurred while processing rule ${id}`;
  return new RucioFailure(500, 'RucioException', problem);
}

function expiry(lifetime: unknown, now: number): number | null {
  if (lifetime === null) return null;
  if (typeof lifetime === 'number') return now + lifetime * 1000;
  throw new UnhandledFailure('unsupported type for timedelta seconds component: str');
}

function parseAccount(value: unknown, store: DemoStore): string {
  if (typeof value === 'string' && store.accounts.has(value)) return value;
  const name = typeof value === 'string' ? value : 'None';
  throw new RucioFailure(404, 'AccountNotFound', `Account with ID '${name}' cannot be found`);
}

function changeState(value: unknown, now: number): Patch {
  if (typeof value !== 'string') {
    throw new UnhandledFailure("'NoneType' object has no attribute 'lower'");
  }
  const state = value.toLowerCase();
  if (state === 'suspended') return { state: 'SUSPENDED' };
  return state === 'stuck' ? { state: 'STUCK', stuckAt: now } : {};
}

function changeChild(value: unknown, rule: DemoRule, store: DemoStore): Patch {
  const refuse = (problem: string) => new RucioFailure(409, 'InputValidationError', problem);
  if (value === null) {
    if (rule.childRuleId !== null) return { childRuleId: null, expiresAt: null };
    throw refuse('Cannot detach child when no such relationship exists');
  }
  const child = store.rules.find(({ id }) => id === value);
  if (child === undefined) {
    throw new RucioFailure(404, 'RuleNotFound', `No rule with the id ${rule.id} found`);
  }
  if (child.did !== rule.did) {
    throw refuse('Parent and child rule must be set on the same dataset.');
  }
  if (child === rule) throw refuse('Self-referencing parent/child-relationship.');
  return child.state === 'OK' ? {} : { childRuleId: child.id };
}
