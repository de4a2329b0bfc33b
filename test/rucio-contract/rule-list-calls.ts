import { type ContractCall, ruleOn, segment } from './call';

const MC = 'mc20_13TeV';
const TTBAR = `${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;
const TTH = `${MC}.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907_r13145_p5855`;
const ZEE = `${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681_r13144_p5855`;
const ZMUMU = `${MC}.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
const REPLICATING = ruleOn(MC, TTBAR);
const STUCK = ruleOn(MC, TTH);
const OK = ruleOn(MC, ZEE);
const SUSPENDED = ruleOn(MC, `${ZMUMU}_r13145_p5855`);
const WAITING = ruleOn(MC, `${ZMUMU}_r13144_p5855`);
const NOBODY = '00000000000000000000000000000000';

function listed(title: string, query: string, rows: number): ContractCall {
  return { title: `rules ${title}`, path: `/rules/?${query}`, status: 200, rows };
}

function refused(title: string, query: string): ContractCall {
  return { title: `rules ${title}`, path: `/rules/?${query}`, status: 500 };
}

/** Lists of rules and their filters. */
export const RULE_LIST_CALLS: readonly ContractCall[] = [
  { title: 'all rules', path: '/rules/', status: 200, rows: 13 },
  { title: 'all rules without the slash', path: '/rules', status: 308 },
  { title: 'all rules for a physicist', path: '/rules/', as: 'jdoe', status: 200, rows: 13 },
  listed('of an account', 'account=jdoe', 6),
  listed('of an account twice', 'account=jdoe&account=root', 6),
  listed('of accounts by a wildcard', 'account=p*', 7),
  listed('of anybody', 'account=*', 13),
  listed('of an unknown account', 'account=nope', 0),
  listed('on a scope', 'scope=mc20_13TeV', 8),
  listed('on scopes by a wildcard', 'scope=*_13*TeV', 10),
  listed('on a name', `name=${segment(TTBAR)}`, 1),
  listed('on a name with a wildcard, which is none', 'name=*', 0),
  listed('in a state', 'state=O', 7),
  listed('in a state of an account', 'state=R&account=jdoe', 2),
  listed('that wait for approval', 'state=W', 1),
  listed('on datasets', 'did_type=D', 3),
  listed('that keep all together', 'grouping=A', 1),
  listed('with copies', 'copies=2', 2),
  listed('with copies that are no number', 'copies=x', 0),
  listed('that are locked', 'locked=1', 3),
  listed('that are not locked', 'locked=0', 10),
  listed('that are locked, in Python', 'locked=True', 0),
  listed('with an expression', 'rse_expression=DESY-HH_DATADISK', 4),
  listed('with an activity', 'activity=T0%20Export', 1),
  listed('with a notification', 'notification=N', 13),
  listed('with a notification in words', 'notification=NO', 0),
  listed('with a priority', 'priority=3', 13),
  listed('since a day', 'created_after=Sun,%2022%20Nov%202020%2007:48:13%20UTC', 13),
  listed('before a day', 'created_before=Sun,%2022%20Nov%202020%2007:48:13%20UTC', 0),
  listed('changed since a day', 'updated_after=Sun,%2022%20Nov%202020%2007:48:13%20UTC', 13),
  listed('of an unknown subscription', `subscription_id=${NOBODY}`, 0),
  listed('with an unknown identifier', `id=${NOBODY}`, 0),
  listed('with meta', 'meta=x', 0),
  refused('in a state in words', 'state=OK'),
  refused('in no state', 'state='),
  refused('on a type in words', 'did_type=DATASET'),
  refused('with a grouping in words', 'grouping=ALL'),
  refused('by an unknown key', 'zzz=1'),
  refused('by an unknown key of nobody', 'account=nope&limit=1'),
  refused('since a year', 'created_after=2020'),
  {
    title: 'rules of a subscription that is none',
    path: '/rules/?subscription_id=zzz',
    status: 500,
    exceptionClass: 'RucioException',
  },
  {
    title: 'rules for a client that reads only JSON',
    path: '/rules/',
    headers: { Accept: 'application/json' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  },
  { title: "an account's rules", path: '/accounts/jdoe/rules', status: 200, rows: 6 },
  {
    title: "an account's rules in a state",
    path: '/accounts/jdoe/rules?state=S',
    status: 200,
    rows: 1,
  },
  {
    title: "an account's rules of another",
    path: '/accounts/jdoe/rules?account=prodsys',
    status: 200,
  },
  { title: "an unknown account's rules", path: '/accounts/nope/rules', status: 200, rows: 0 },
];

/** One rule, what keeps it from being settled, and its locks. */
export const ONE_RULE_CALLS: readonly ContractCall[] = [
  { title: 'a rule', path: `/rules/${OK}`, status: 200, body: { state: 'OK', copies: 2 } },
  {
    title: 'a rule for nobody',
    path: `/rules/${OK}`,
    as: 'nobody',
    status: 400,
    exceptionClass: 'ValueError',
  },
  {
    title: 'a rule for a client that reads only HTML',
    path: `/rules/${OK}`,
    headers: { Accept: 'text/html' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  },
  {
    title: 'an analysis of a settled rule',
    path: `/rules/${OK}/analysis`,
    status: 200,
    body: { rule_error: 'This replication rule is OK', transfers: [] },
  },
  {
    title: 'an analysis of a rule that still copies',
    path: `/rules/${REPLICATING}/analysis`,
    status: 200,
    body: { transfers: [] },
  },
  { title: 'an analysis of a stuck rule', path: `/rules/${STUCK}/analysis`, status: 200 },
  { title: 'an analysis of a suspended rule', path: `/rules/${SUSPENDED}/analysis`, status: 200 },
  {
    title: 'an analysis of a rule that waits',
    path: `/rules/${WAITING}/analysis`,
    status: 200,
    body: { rule_error: null, transfers: [] },
  },
  {
    title: 'an analysis of an unknown rule',
    path: `/rules/${NOBODY}/analysis`,
    status: 500,
    exceptionClass: 'RuleNotFound',
  },
  {
    title: 'an analysis of what is no rule',
    path: '/rules/zzz/analysis',
    status: 500,
    exceptionClass: 'RucioException',
  },
  { title: 'locks of a settled rule', path: `/rules/${OK}/locks`, status: 200, rows: 24 },
  {
    title: 'locks of a rule that copies',
    path: `/rules/${REPLICATING}/locks`,
    status: 200,
    rows: 12,
  },
  { title: 'locks of a stuck rule', path: `/rules/${STUCK}/locks`, status: 200, rows: 12 },
  { title: 'locks of a suspended rule', path: `/rules/${SUSPENDED}/locks`, status: 200, rows: 12 },
  { title: 'locks of a rule that waits', path: `/rules/${WAITING}/locks`, status: 200, rows: 0 },
  { title: 'locks of an unknown rule', path: `/rules/${NOBODY}/locks`, status: 200, rows: 0 },
  { title: 'locks of what is no rule', path: '/rules/zzz/locks', status: 500, loosely: 'text' },
  {
    title: 'the history of a rule, which Rucio can not tell',
    path: `/rules/${NOBODY}/history`,
    status: 400,
    exceptionClass: 'ValueError',
  },
  { title: 'the history of a DID', path: `/rules/${MC}/${TTBAR}/history`, status: 200, rows: 1 },
  {
    title: 'the history of a stuck one',
    path: `/rules/${MC}/${TTH}/history`,
    status: 200,
    rows: 1,
  },
  {
    title: 'the history of a suspended one',
    path: `/rules/${MC}/${ZMUMU}_r13145_p5855/history`,
    status: 200,
    rows: 1,
  },
  {
    title: 'the history of one that waits',
    path: `/rules/${MC}/${ZMUMU}_r13144_p5855/history`,
    status: 200,
  },
  {
    title: 'the history of a name with slashes',
    path: `/rules/user.jdoe/${segment('analysis/2026/higgs/limits_v2')}/history`,
    status: 200,
    rows: 1,
  },
  {
    title: 'the history of an unknown DID',
    path: `/rules/${MC}/nope/history`,
    status: 200,
    rows: 0,
  },
];
