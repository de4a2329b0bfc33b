import type { SeedRse } from './seed-rses';
import type { DemoDid } from './store';

export type LockState = 'OK' | 'REPLICATING' | 'STUCK';
export type RuleState = LockState | 'SUSPENDED' | 'WAITING_APPROVAL' | 'INJECT';
export type LockCounts = Readonly<Record<LockState, number>>;
export type Grouping = 'ALL' | 'DATASET' | 'NONE';

/** One file that a rule keeps on one storage element. */
export interface DemoLock {
  readonly file: DemoDid;
  readonly rse: SeedRse;
  state: LockState;
}

/** A replication rule. All times are in milliseconds since the epoch. */
export interface DemoRule {
  readonly id: string;
  readonly did: DemoDid;
  readonly copies: number;
  readonly rseExpression: string;
  readonly grouping: Grouping;
  readonly weight: string | null;
  readonly notification: 'NO' | 'YES' | 'CLOSE' | 'PROGRESS';
  readonly ignoreAvailability: boolean;
  readonly splitContainer: boolean;
  readonly subscriptionId: string | null;
  readonly createdAt: number;
  account: string;
  state: RuleState;
  error: string | null;
  expiresAt: number | null;
  locked: boolean;
  sourceReplicaExpression: string | null;
  activity: string;
  stuckAt: number | null;
  purgeReplicas: boolean;
  ignoreAccountLimit: boolean;
  priority: number;
  comments: string | null;
  meta: string | null;
  childRuleId: string | null;
  updatedAt: number;
  /** Whether Rucio's daemons have counted what there is of its datasets. */
  readonly counted: boolean;
  /** As it was when Rucio first acted on it; null while it never has. */
  recorded: { readonly state: RuleState; readonly counts: LockCounts } | null;
  locks: readonly DemoLock[];
  /**
   * Rucio counts locks when it sets them, and not when an operator gives a rule up; so these may
   * differ from the states of the locks.
   */
  counts: LockCounts;
}

/** How many locks are in which state. */
export function countLocks(locks: readonly DemoLock[]): LockCounts {
  const counts = { OK: 0, REPLICATING: 0, STUCK: 0 };
  for (const { state } of locks) counts[state] += 1;
  return counts;
}
