import { type ContractCall, segment } from './call';

const MC = 'mc20_13TeV';
const PHYSICS = {
  zee: `${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`,
  zmumu: `${MC}.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`,
  ttbar: `${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681`,
  tth: `${MC}.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907`,
} as const;

function rulesOn(scope: string, name: string): string {
  return `/dids/${scope}/${segment(name)}/rules`;
}

/** Replication rules. */
export const RULE_CALLS: readonly ContractCall[] = [
  {
    title: 'a rule with two copies',
    path: rulesOn(MC, `${PHYSICS.zee}_r13144_p5855`),
    status: 200,
    rows: 1,
    body: { state: 'OK', copies: 2, locks_ok_cnt: 24, locks_replicating_cnt: 0 },
  },
  {
    title: 'a rule with an expression',
    path: rulesOn(MC, `${PHYSICS.zee}_r13145_p5855`),
    status: 200,
    rows: 1,
    body: { state: 'OK', rse_expression: 'tier=0&type=DATADISK', expires_at: null },
  },
  {
    title: 'a rule on tape, which Rucio locks',
    path: rulesOn(MC, `${PHYSICS.zee}_r13167_p5855`),
    status: 200,
    rows: 1,
    body: { locked: true, comments: 'Archive of the 2018 campaign' },
  },
  {
    title: 'a locked rule',
    path: rulesOn(MC, `${PHYSICS.ttbar}_r13144_p5855`),
    status: 200,
    rows: 1,
    body: { locked: true },
  },
  {
    title: 'a rule that still copies',
    path: rulesOn(MC, `${PHYSICS.ttbar}_r13145_p5855`),
    status: 200,
    rows: 1,
    body: { state: 'REPLICATING', locks_ok_cnt: 6, locks_replicating_cnt: 6, account: 'jdoe' },
  },
  {
    title: 'a rule that is stuck',
    path: rulesOn(MC, `${PHYSICS.tth}_r13145_p5855`),
    status: 200,
    rows: 1,
    body: { state: 'STUCK' },
  },
  {
    title: 'a rule that is suspended',
    path: rulesOn(MC, `${PHYSICS.zmumu}_r13145_p5855`),
    status: 200,
    rows: 1,
    body: { state: 'SUSPENDED' },
  },
  {
    title: 'a rule that waits for approval',
    path: rulesOn(MC, `${PHYSICS.zmumu}_r13144_p5855`),
    status: 200,
    rows: 1,
    body: { state: 'WAITING_APPROVAL', locks_ok_cnt: 0 },
  },
  {
    title: 'a rule on an open container',
    path: rulesOn(
      'data22_13p6TeV',
      'data22_13p6TeV.periodF.physics_Main.PhysCont.DAOD_PHYS.grp22_v02_p5855',
    ),
    status: 200,
    rows: 1,
    body: { bytes: null, locks_replicating_cnt: 8 },
  },
  {
    title: 'a rule on a container with an open dataset',
    path: rulesOn('user.jdoe', 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root'),
    status: 200,
    rows: 1,
    body: { locks_ok_cnt: 10, locks_replicating_cnt: 3 },
  },
  {
    title: 'a rule on a name with slashes',
    path: rulesOn('user.jdoe', 'analysis/2026/higgs/limits_v2'),
    status: 200,
    rows: 1,
    body: { grouping: 'NONE' },
  },
  {
    title: 'a rule of a group',
    path: rulesOn('group.phys-higgs', 'group.phys-higgs.ttH_combination.workspaces.v2'),
    status: 200,
    rows: 1,
    body: { grouping: 'ALL', account: 'physics-higgs' },
  },
  { title: 'no rules', path: rulesOn('archive', 'calibration'), status: 200, rows: 0 },
  {
    title: 'no rules on a file whose dataset has one',
    path: rulesOn(MC, 'DAOD_PHYS.36004680._000001.pool.root.1'),
    status: 200,
    rows: 0,
  },
  {
    title: 'rules on an unknown name',
    path: rulesOn(MC, 'nope'),
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'rules without a token',
    path: rulesOn(MC, 'nope'),
    as: 'nobody',
    status: 400,
    exceptionClass: 'ValueError',
  },
  {
    title: 'rules for a client that reads only JSON',
    path: rulesOn(MC, 'nope'),
    headers: { Accept: 'application/json' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  },
  {
    title: 'an unknown rule',
    path: '/rules/00000000000000000000000000000000',
    status: 404,
    exceptionClass: 'RuleNotFound',
  },
  {
    title: 'an identifier that is none',
    path: '/rules/zzz',
    status: 500,
    exceptionClass: 'RucioException',
  },
];
