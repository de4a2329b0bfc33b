import { countLocks, type DemoLock, type DemoRule } from './demo-rule';
import { rsesOf } from './rse-expression';
import type { SeedRule } from './seed-rules';
import { type DemoStore, filesOf, stableId } from './store';

/** Looks which files are where the rules of the seed want them. */
export function settleRules(store: DemoStore): DemoRule[] {
  return store.seed.rules.map((rule) => settle(rule, store));
}

function settle(rule: SeedRule, store: DemoStore): DemoRule {
  const { scope, name, account, rseExpression, copies, fate, lifetime } = rule;
  const did = store.did(scope, name);
  if (did === undefined) throw new Error(`the rule on ${name} of the seed has no DID`);
  const targets = rsesOf(rseExpression, store.rses);
  if (targets.length !== copies) {
    throw new Error(`the rule on ${name} has ${targets.length} targets, not ${copies}`);
  }
  const waiting = fate === 'waiting-approval';
  const locks: DemoLock[] = waiting
    ? []
    : [...new Set(filesOf(did))].flatMap((file) =>
        targets.map((rse) => ({ file, rse, state: store.isAt(file, rse) ? 'OK' : 'REPLICATING' })),
      );
  const counts = countLocks(locks);
  // An operator who gives a rule up changes its locks, but not Rucio's count of them.
  if (fate === 'stuck') {
    for (const lock of locks) if (lock.state === 'REPLICATING') lock.state = 'STUCK';
  }
  const now = store.createdAt;
  return {
    id: stableId('rule', scope, name, account, rseExpression),
    did,
    account,
    state: stateOf(fate, counts.REPLICATING),
    error: null,
    rseExpression,
    copies,
    expiresAt: lifetime === null ? null : now + lifetime * 1000,
    weight: null,
    // Rucio locks rules on tape by itself.
    locked: rule.locked || (lifetime === null && targets.some(({ type }) => type === 'TAPE')),
    sourceReplicaExpression: null,
    activity: rule.activity,
    grouping: rule.grouping,
    notification: 'NO',
    stuckAt: fate === 'stuck' ? now : null,
    purgeReplicas: false,
    ignoreAvailability: false,
    ignoreAccountLimit: false,
    priority: 3,
    comments: rule.comment,
    meta: null,
    childRuleId: null,
    splitContainer: false,
    subscriptionId: null,
    createdAt: now,
    updatedAt: now,
    recorded: waiting ? null : { state: counts.REPLICATING === 0 ? 'OK' : 'REPLICATING', counts },
    locks,
    counts,
  };
}

function stateOf(fate: SeedRule['fate'], replicating: number): DemoRule['state'] {
  if (fate === 'waiting-approval') return 'WAITING_APPROVAL';
  if (fate === 'stuck') return 'STUCK';
  if (fate === 'suspended') return 'SUSPENDED';
  return replicating === 0 ? 'OK' : 'REPLICATING';
}
