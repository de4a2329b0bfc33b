import { rsesOf } from './rse-expression';
import type { SeedRse } from './seed-rses';
import type { SeedRule } from './seed-rules';
import { type DemoDid, type DemoStore, filesOf } from './store';

/** One file that a rule keeps on one storage element. */
export interface DemoLock {
  readonly file: DemoDid;
  readonly rse: SeedRse;
}

/** What became of a rule of the seed. */
export interface RuleState {
  readonly rule: SeedRule;
  readonly did: DemoDid;
  readonly state: 'OK' | 'REPLICATING' | 'STUCK' | 'SUSPENDED' | 'WAITING_APPROVAL';
  readonly locked: boolean;
  readonly present: readonly DemoLock[];
  readonly missing: readonly DemoLock[];
}

/** Looks which files are where the rules want them. */
export function settleRules(store: DemoStore): readonly RuleState[] {
  return store.seed.rules.map((rule) => settle(rule, store));
}

function settle(rule: SeedRule, store: DemoStore): RuleState {
  const did = store.did(rule.scope, rule.name);
  if (did === undefined) throw new Error(`the rule on ${rule.name} of the seed has no DID`);
  const targets = rsesOf(rule.rseExpression, store.rses);
  if (targets.length !== rule.copies) {
    throw new Error(`the rule on ${rule.name} has ${targets.length} targets, not ${rule.copies}`);
  }
  // Rucio locks rules on tape by itself.
  const locked = rule.locked || targets.every(({ type }) => type === 'TAPE');
  if (rule.fate === 'waiting-approval') {
    return { rule, did, state: 'WAITING_APPROVAL', locked, present: [], missing: [] };
  }
  const present: DemoLock[] = [];
  const missing: DemoLock[] = [];
  for (const file of new Set(filesOf(did))) {
    for (const rse of targets) {
      const there = store
        .replicas(file)
        .some((replica) => replica.rse === rse && replica.state === 'AVAILABLE');
      (there ? present : missing).push({ file, rse });
    }
  }
  const settled = missing.length === 0 ? 'OK' : 'REPLICATING';
  const state = rule.fate === 'stuck' ? 'STUCK' : rule.fate === 'suspended' ? 'SUSPENDED' : settled;
  return { rule, did, state, locked, present, missing };
}
