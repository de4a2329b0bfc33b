import { countLocks, type DemoLock, type DemoRule, type LockCounts } from './demo-rule';
import { rsesOf } from './rse-expression';
import type { SeedRule } from './seed-rules';
import { type DemoStore, filesOf, stableId } from './store';
import { subscriptionId } from './subscription-row';

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
  const recorded = countLocks(locks);
  const error = failTransfers(locks, store);
  const counts = countLocks(locks);
  const now = store.createdAt;
  return {
    id: stableId('rule', scope, name, account, rseExpression),
    did,
    account,
    state: stateOf(fate, counts),
    error,
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
    stuckAt: null,
    purgeReplicas: false,
    ignoreAvailability: false,
    ignoreAccountLimit: false,
    priority: 3,
    comments: rule.comment,
    meta: null,
    childRuleId: null,
    splitContainer: false,
    subscriptionId:
      rule.subscription === undefined ? null : subscriptionId(account, rule.subscription),
    createdAt: now,
    updatedAt: now,
    counted: true,
    recorded: waiting ? null : { state: stateOf('settled', recorded), counts: recorded },
    locks,
    counts,
  };
}

/** @returns the words of the last transfer that failed */
function failTransfers(locks: readonly DemoLock[], { seed }: DemoStore): string | null {
  let error: string | null = null;
  for (const transfer of seed.transfers.filter(({ state }) => state === 'FAILED')) {
    const { scope, name, destination } = transfer;
    for (const lock of locks) {
      const { file, rse } = lock;
      if (file.scope !== scope || file.name !== name || rse.rse !== destination) continue;
      lock.state = 'STUCK';
      error = transfer.error;
    }
  }
  return error;
}

function stateOf(fate: SeedRule['fate'], { REPLICATING, STUCK }: LockCounts): DemoRule['state'] {
  if (fate === 'waiting-approval') return 'WAITING_APPROVAL';
  if (fate === 'suspended') return 'SUSPENDED';
  if (STUCK > 0) return 'STUCK';
  return REPLICATING === 0 ? 'OK' : 'REPLICATING';
}
