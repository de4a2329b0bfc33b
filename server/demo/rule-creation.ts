import { randomBytes } from 'node:crypto';

import { countLocks, type DemoLock, type DemoRule } from './demo-rule';
import { RucioFailure } from './failure';
import { rsesOf } from './rse-expression';
import { RuleTargets } from './rule-targets';
import type { RuleWish } from './rule-wish';
import type { SeedRse } from './seed-rses';
import type { DemoDid, DemoStore } from './store';

/** Rules for more locks than this are left to a daemon, which the demo does not have. */
const MANY_LOCKS = 10_000;
/** Longest life of a rule on a scratch disk, in seconds. */
const SCRATCH_SECONDS = 14 * 86_400 - 1;
const NOTIFICATIONS = { Y: 'YES', C: 'CLOSE', P: 'PROGRESS' } as const;

/**
 * Makes the rules that somebody wishes, one for each DID; all or none.
 *
 * @returns their identifiers
 * @throws {RucioFailure} with status 500; the routes know which of them Rucio catches
 */
export function addRules(store: DemoStore, wish: RuleWish): readonly string[] {
  const { account, copies } = wish;
  if (copies <= 0) {
    const problem = 'The number of copies for a replication rule should be greater than 0.';
    throw new RucioFailure(500, 'InvalidValueForKey', problem);
  }
  const rses = rsesOf(wish.rseExpression, store.rses);
  if (wish.sourceReplicaExpression !== null && wish.sourceReplicaExpression !== '') {
    assertSources(wish.sourceReplicaExpression, store);
  }
  const lifetime = lifetimeOn(rses, wish.lifetime);
  if (!store.accounts.has(account)) {
    throw new RucioFailure(500, 'AccountNotFound', `Account ${account} does not exist`);
  }
  const { weight, askApproval: ignoreLimits } = wish;
  const targets = new RuleTargets({ store, account, rses, weight, copies, ignoreLimits });
  const made: DemoRule[] = [];
  for (const { scope, name } of wish.dids) {
    const did = store.did(scope, name);
    if (did === undefined) {
      const problem = `Data identifier ${scope}:${name} is not valid.`;
      throw new RucioFailure(404, 'DataIdentifierNotFound', problem);
    }
    assertNew([...store.rules, ...made], did, wish);
    made.push(makeRule({ store, wish: { ...wish, lifetime }, did, rses, targets }));
  }
  for (const rule of made) store.addRule(rule);
  return made.map(({ id }) => id);
}

function assertSources(expression: string, store: DemoStore): void {
  try {
    rsesOf(expression, store.rses);
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(500, 'InvalidSourceReplicaExpression', error.message);
  }
}

function lifetimeOn(rses: readonly SeedRse[], lifetime: number | null): number | null {
  const scratch = rses.some(({ attributes }) => attributes['type'] === 'SCRATCHDISK');
  if (!scratch) return lifetime;
  return lifetime === null || lifetime > SCRATCH_SECONDS + 1 ? SCRATCH_SECONDS : lifetime;
}

function assertNew(rules: readonly DemoRule[], did: DemoDid, wish: RuleWish): void {
  const same = rules.some(
    (rule) =>
      rule.did === did &&
      rule.account === wish.account &&
      rule.rseExpression === wish.rseExpression &&
      rule.copies === wish.copies,
  );
  if (!same) return;
  throw new RucioFailure(
    500,
    'DuplicateRule',
    '(sqlite3.IntegrityError) UNIQUE constraint failed: rules.scope, rules.name, rules.account, rules.rse_expression, rules.copies',
  );
}

interface RuleParts {
  readonly store: DemoStore;
  readonly wish: RuleWish;
  readonly did: DemoDid;
  readonly rses: readonly SeedRse[];
  readonly targets: RuleTargets;
}

function makeRule({ store, wish, did, rses, targets }: RuleParts): DemoRule {
  const now = store.now();
  const pending = pendingState(wish, did);
  const locks: readonly DemoLock[] =
    pending === undefined ? targets.locksFor(did, wish.grouping) : [];
  const counts = countLocks(locks);
  const state = pending ?? (counts.REPLICATING === 0 ? 'OK' : 'REPLICATING');
  const notify = wish.notify ?? '';
  return {
    id: randomBytes(16).toString('hex'),
    did,
    copies: wish.copies,
    rseExpression: wish.rseExpression,
    grouping: wish.grouping,
    weight: wish.weight,
    notification: notify in NOTIFICATIONS ? NOTIFICATIONS[notify as 'Y' | 'C' | 'P'] : 'NO',
    ignoreAvailability: wish.ignoreAvailability,
    splitContainer: wish.splitContainer,
    subscriptionId: wish.subscriptionId,
    createdAt: now + (wish.delayInjection ?? 0) * 1000,
    account: wish.account,
    state,
    error: null,
    expiresAt: wish.lifetime === null ? null : now + wish.lifetime * 1000,
    locked: wish.locked || (wish.lifetime === null && rses.some(({ type }) => type === 'TAPE')),
    sourceReplicaExpression: wish.sourceReplicaExpression,
    activity: wish.activity,
    stuckAt: null,
    purgeReplicas: wish.purgeReplicas,
    ignoreAccountLimit: false,
    priority: wish.priority,
    comments: wish.comment,
    meta: wish.meta === null ? null : JSON.stringify(wish.meta),
    childRuleId: null,
    updatedAt: now,
    counted: false,
    recorded: pending === undefined ? { state, counts } : null,
    locks,
    counts,
  };
}

/** Rules that nobody acts on yet: they wait for a person or for a daemon. */
function pendingState(wish: RuleWish, did: DemoDid): 'WAITING_APPROVAL' | 'INJECT' | undefined {
  if (wish.askApproval) return 'WAITING_APPROVAL';
  const many = (did.length ?? 0) * wish.copies >= MANY_LOCKS;
  const delayed = (wish.delayInjection ?? 0) !== 0;
  const split = wish.splitContainer && did.type === 'CONTAINER';
  return many || wish.asynchronous || delayed || split ? 'INJECT' : undefined;
}
