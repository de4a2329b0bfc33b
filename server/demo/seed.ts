import {
  SEED_ACCOUNTS,
  SEED_IDENTITIES,
  SEED_SCOPES,
  type SeedAccount,
  type SeedIdentity,
  type SeedScope,
} from './seed-accounts';
import { addAnalysis } from './seed-analysis';
import type { SeedCollection, SeedDids, SeedFile, SeedReplica } from './seed-dids';
import {
  SEED_DISTANCES,
  SEED_GLOBAL_QUOTAS,
  SEED_SUBSCRIPTIONS,
  SEED_TRANSFER_LIMITS,
  type SeedDistance,
  type SeedGlobalQuota,
  type SeedSubscription,
  type SeedTransferLimit,
} from './seed-policies';
import { addRecordedData, addSimulation } from './seed-production';
import { SEED_RSES, type SeedRse } from './seed-rses';
import { SEED_QUOTAS, SEED_RULES, type SeedQuota, type SeedRule } from './seed-rules';
import { SEED_SUSPICIONS, type SeedSuspicion } from './seed-suspicions';
import { SEED_TRANSFERS, type SeedTransfer } from './seed-transfers';

/**
 * All data of the demo, written once: the demo Rucio holds it in memory, and the tests load it into
 * a real Rucio over REST. Children stand before their parents.
 */
export interface Seed {
  readonly accounts: readonly SeedAccount[];
  readonly identities: readonly SeedIdentity[];
  readonly scopes: readonly SeedScope[];
  readonly rses: readonly SeedRse[];
  readonly files: readonly SeedFile[];
  readonly collections: readonly SeedCollection[];
  readonly replicas: readonly SeedReplica[];
  readonly rules: readonly SeedRule[];
  readonly quotas: readonly SeedQuota[];
  readonly globalQuotas: readonly SeedGlobalQuota[];
  readonly distances: readonly SeedDistance[];
  readonly subscriptions: readonly SeedSubscription[];
  readonly transferLimits: readonly SeedTransferLimit[];
  readonly transfers: readonly SeedTransfer[];
  readonly suspicions: readonly SeedSuspicion[];
}

export interface SeedOptions {
  /**
   * Files in each dataset of the production system (1-500); there are 21 such datasets and 5 with
   * half as many files, so 12 are about 290 files and 500 more than 10,000.
   * @default 12
   */
  readonly filesPerDataset?: number;
}

/** Puts the data together; the same options give the same data. */
export function buildSeed({ filesPerDataset = 12 }: SeedOptions = {}): Seed {
  const dids: SeedDids = { files: [], collections: [], replicas: [] };
  addSimulation(dids, filesPerDataset);
  addRecordedData(dids, filesPerDataset);
  addAnalysis(dids);
  return {
    ...dids,
    accounts: SEED_ACCOUNTS,
    identities: SEED_IDENTITIES,
    scopes: SEED_SCOPES,
    rses: SEED_RSES,
    rules: SEED_RULES,
    quotas: SEED_QUOTAS,
    globalQuotas: SEED_GLOBAL_QUOTAS,
    distances: SEED_DISTANCES,
    subscriptions: SEED_SUBSCRIPTIONS,
    transferLimits: SEED_TRANSFER_LIMITS,
    transfers: SEED_TRANSFERS,
    suspicions: SEED_SUSPICIONS,
  };
}
