/** A limit of the bytes of an account on several storage elements together; `null` = no limit. */
export interface SeedGlobalQuota {
  readonly account: string;
  readonly rseExpression: string;
  readonly bytes: number | null;
}

/** How far data has to go: small is near. */
export interface SeedDistance {
  readonly from: string;
  readonly to: string;
  readonly distance: number;
}

/** A wish to have rules on data that is yet to come. */
export interface SeedSubscription {
  readonly account: string;
  readonly name: string;
  readonly filter: Readonly<Record<string, string | readonly string[] | boolean>>;
  readonly replicationRules: readonly {
    readonly rse_expression: string;
    readonly copies: number;
    readonly activity: string;
    /** In seconds. */
    readonly lifetime?: number;
  }[];
  readonly comments: string;
  /** From 0, first, to 9, last. */
  readonly priority: number;
}

/** A bound on transfers to storage elements that go on at the same time. */
export interface SeedTransferLimit {
  readonly rseExpression: string;
  readonly activity: string;
  readonly maxTransfers: number;
}

const TERABYTE = 1e12;

export const SEED_GLOBAL_QUOTAS: readonly SeedGlobalQuota[] = [
  { account: 'jdoe', rseExpression: 'type=DATADISK', bytes: 25 * TERABYTE },
  { account: 'prodsys', rseExpression: 'type=MCTAPE', bytes: null },
];

export const SEED_DISTANCES: readonly SeedDistance[] = [
  { from: 'CERN-PROD_DATADISK', to: 'DESY-HH_DATADISK', distance: 1 },
  { from: 'DESY-HH_DATADISK', to: 'CERN-PROD_DATADISK', distance: 1 },
  { from: 'CERN-PROD_DATADISK', to: 'BNL-OSG2_DATADISK', distance: 3 },
  { from: 'BNL-OSG2_DATADISK', to: 'CERN-PROD_DATADISK', distance: 3 },
  { from: 'CERN-PROD_DATADISK', to: 'TRIUMF-LCG2_MCTAPE', distance: 4 },
  { from: 'CERN-PROD_RAW', to: 'CERN-PROD_DATADISK', distance: 1 },
];

export const SEED_SUBSCRIPTIONS: readonly SeedSubscription[] = [
  {
    account: 'prodsys',
    name: 'data22-physics-to-tier1',
    filter: {
      scope: ['data22_13p6TeV'],
      pattern: String.raw`data22_13p6TeV\..*\.physics_Main\..*DAOD_PHYS.*`,
      account: ['prodsys'],
    },
    replicationRules: [
      { rse_expression: 'BNL-OSG2_DATADISK', copies: 1, activity: 'Data Consolidation' },
    ],
    comments: 'Physics data of 2022 at a tier-1',
    priority: 2,
  },
  {
    account: 'jdoe',
    name: 'ttbar samples to DESY',
    filter: { scope: ['mc20_13TeV'], pattern: String.raw`mc20_13TeV\.410470\..*DAOD_PHYS.*` },
    replicationRules: [
      {
        rse_expression: 'DESY-HH_DATADISK',
        copies: 1,
        activity: 'User Subscriptions',
        lifetime: 7_776_000,
      },
    ],
    comments: 'For the top group',
    priority: 3,
  },
];

export const SEED_TRANSFER_LIMITS: readonly SeedTransferLimit[] = [
  {
    rseExpression: 'DESY-HH_DATADISK',
    activity: 'User Subscriptions',
    maxTransfers: 50,
  },
  {
    rseExpression: 'type=DATADISK',
    activity: 'Data Consolidation',
    maxTransfers: 200,
  },
];
