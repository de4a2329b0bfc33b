/** A replication rule, as its author asked for it, and what became of it. */
export interface SeedRule {
  readonly scope: string;
  readonly name: string;
  readonly account: string;
  /** In the seed every expression is a name or resolves to exactly `copies` storage elements. */
  readonly rseExpression: string;
  readonly copies: number;
  readonly grouping: 'ALL' | 'DATASET' | 'NONE';
  readonly activity: string;
  readonly comment: string | null;
  /** Life in seconds, from the start of the demo; `null` = for ever. */
  readonly lifetime: number | null;
  readonly locked: boolean;
  /**
   * `settled`: OK, or REPLICATING while files are missing, or STUCK when some transfers of the seed
   * have failed. The others need a hand: a person's approval, or an operator who stops the rule.
   */
  readonly fate: 'settled' | 'waiting-approval' | 'suspended';
  /** Name of the subscription of the same account that made the rule. */
  readonly subscription?: string;
}

const DAY_SECONDS = 86_400;
const MC = 'mc20_13TeV';
const DATA = 'data22_13p6TeV';

const PRODUCTION_RULE = {
  account: 'prodsys',
  copies: 1,
  grouping: 'DATASET',
  activity: 'Production Output',
  comment: null,
  lifetime: null,
  locked: false,
  fate: 'settled',
} as const;

const USER_RULE = {
  account: 'jdoe',
  copies: 1,
  grouping: 'DATASET',
  activity: 'User Subscriptions',
  comment: null,
  lifetime: 30 * DAY_SECONDS,
  locked: false,
  fate: 'settled',
} as const;

const ZEE = `${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
const ZMUMU = `${MC}.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
const TTBAR = `${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681`;
const TTH = `${MC}.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907`;
const NTUPLES = 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root';

export const SEED_RULES: readonly SeedRule[] = [
  {
    ...PRODUCTION_RULE,
    scope: MC,
    name: `${ZEE}_r13144_p5855`,
    rseExpression: 'CERN-PROD_DATADISK|BNL-OSG2_DATADISK',
    copies: 2,
  },
  {
    ...PRODUCTION_RULE,
    scope: MC,
    name: `${ZEE}_r13145_p5855`,
    rseExpression: 'tier=0&type=DATADISK',
  },
  {
    ...PRODUCTION_RULE,
    scope: MC,
    name: `${ZEE}_r13167_p5855`,
    rseExpression: 'TRIUMF-LCG2_MCTAPE',
    comment: 'Archive of the 2018 campaign',
  },
  {
    ...PRODUCTION_RULE,
    scope: MC,
    name: `${TTBAR}_r13144_p5855`,
    rseExpression: 'CERN-PROD_DATADISK',
    locked: true,
  },
  {
    ...USER_RULE,
    scope: MC,
    name: `${TTBAR}_r13145_p5855`,
    rseExpression: 'DESY-HH_DATADISK',
    comment: 'ttbar for the top group; please keep until the conference',
    lifetime: 90 * DAY_SECONDS,
  },
  {
    ...USER_RULE,
    scope: MC,
    name: `${TTH}_r13145_p5855`,
    rseExpression: 'DESY-HH_DATADISK',
  },
  {
    ...USER_RULE,
    scope: MC,
    name: `${ZMUMU}_r13145_p5855`,
    rseExpression: 'DESY-HH_DATADISK',
    fate: 'suspended',
  },
  {
    ...USER_RULE,
    scope: MC,
    name: `${ZMUMU}_r13144_p5855`,
    rseExpression: 'BNL-OSG2_DATADISK',
    comment: 'Needs the approval of the site',
    lifetime: 180 * DAY_SECONDS,
    fate: 'waiting-approval',
  },
  {
    ...PRODUCTION_RULE,
    scope: DATA,
    name: `${DATA}.periodF.physics_Main.PhysCont.DAOD_PHYS.grp22_v02_p5855`,
    rseExpression: 'BNL-OSG2_DATADISK',
    activity: 'Data Consolidation',
    subscription: 'data22-physics-to-tier1',
  },
  {
    ...PRODUCTION_RULE,
    scope: DATA,
    name: `${DATA}.00435816.physics_Main.merge.RAW`,
    rseExpression: 'CERN-PROD_RAW',
    activity: 'T0 Export',
  },
  {
    ...USER_RULE,
    scope: 'user.jdoe',
    name: NTUPLES,
    rseExpression: 'DESY-HH_DATADISK',
    activity: 'User Subscriptions',
  },
  {
    ...USER_RULE,
    scope: 'user.jdoe',
    name: 'analysis/2026/higgs/limits_v2',
    rseExpression: 'CERN-PROD_DATADISK',
    grouping: 'NONE',
    lifetime: null,
  },
  {
    ...USER_RULE,
    account: 'physics-higgs',
    scope: 'group.phys-higgs',
    name: 'group.phys-higgs.ttH_combination.workspaces.v2',
    rseExpression: 'CERN-PROD_DATADISK|BNL-OSG2_DATADISK',
    copies: 2,
    grouping: 'ALL',
    activity: 'Group Subscriptions',
  },
];

/** A limit of the bytes that an account may have on a storage element; `null` = no limit. */
export interface SeedQuota {
  readonly account: string;
  readonly rse: string;
  readonly bytes: number | null;
}

const TERABYTE = 1e12;

export const SEED_QUOTAS: readonly SeedQuota[] = [
  { account: 'prodsys', rse: 'CERN-PROD_DATADISK', bytes: null },
  { account: 'prodsys', rse: 'CERN-PROD_RAW', bytes: null },
  { account: 'prodsys', rse: 'BNL-OSG2_DATADISK', bytes: null },
  { account: 'prodsys', rse: 'TRIUMF-LCG2_MCTAPE', bytes: null },
  { account: 'jdoe', rse: 'DESY-HH_DATADISK', bytes: 20 * TERABYTE },
  { account: 'jdoe', rse: 'CERN-PROD_DATADISK', bytes: 0.5 * TERABYTE },
  { account: 'jdoe', rse: 'BNL-OSG2_DATADISK', bytes: 5 * TERABYTE },
  { account: 'physics-higgs', rse: 'CERN-PROD_DATADISK', bytes: 50 * TERABYTE },
  { account: 'physics-higgs', rse: 'BNL-OSG2_DATADISK', bytes: 50 * TERABYTE },
];
