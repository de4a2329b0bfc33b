import { type ContractCall, ruleOn } from './call';
import {
  type Outcome,
  type Scenario,
  MC,
  GROUP,
  WORKSPACES,
  ZMUMU,
  TTBAR,
  TTH,
  CERN,
  DESY,
  BNL,
  NOBODY,
  OK,
  MADE,
  rules,
  put,
  remove,
  post,
  denied,
  badCopies,
  Z,
} from './write-calls';

const RULE = ruleOn(MC, Z);
const notValid: Outcome = { status: 409, exceptionClass: 'InputValidationError' };
const notFound: Outcome = { status: 404, exceptionClass: 'RuleNotFound' };
const uncaught: Outcome = { status: 500, exceptionClass: 'RucioException' };
const forbidden: Outcome = { status: 401, exceptionClass: 'AccessDenied', as: 'jdoe' };

function shown(title: string): ContractCall {
  return { title, path: `/rules/${RULE}`, status: 200 };
}

export const CHANGES: Scenario = [
  put('an unknown rule', NOBODY, { comment: 'x' }, notFound),
  put('what is no rule', 'zzz', { comment: 'x' }, uncaught),
  {
    title: 'no options',
    method: 'PUT',
    path: `/rules/${RULE}`,
    send: {},
    status: 400,
    exceptionClass: 'KeyError',
  },
  {
    title: 'no JSON',
    method: 'PUT',
    path: `/rules/${RULE}`,
    send: 'x',
    status: 400,
    exceptionClass: 'ValueError',
  },
  put('nothing', RULE, {}, OK),
  put('an unknown option', RULE, { zzz: 1 }, notValid),
  put('an unknown option beside a known one', RULE, { comment: 'lost', zzz: 1 }, notValid),
  put('options that are a text', RULE, 'x', notValid),
  put('options that are none', RULE, null, { status: 500 }),
  put(
    'by its owner, who may not',
    ruleOn(MC, `${TTBAR}_r13145_p5855`),
    { comment: 'x' },
    forbidden,
  ),
  shown('still as it was'),
  put('a comment', RULE, { comment: 'hello' }, OK),
  put('a lock', RULE, { locked: true }, OK),
  put('a lock in words', RULE, { locked: 'x' }, uncaught),
  put('a lifetime', RULE, { lifetime: 3600 }, OK),
  shown('with a comment, a lock and an end'),
  put('no lifetime', RULE, { lifetime: null }, OK),
  put('a lifetime in words', RULE, { lifetime: 'x' }, { status: 500 }),
  put(
    'an unknown account',
    RULE,
    { account: 'nope' },
    { status: 404, exceptionClass: 'AccountNotFound' },
  ),
  put(
    'an unknown activity',
    RULE,
    { activity: 'zz' },
    { status: 500, exceptionClass: 'InvalidObject' },
  ),
  put('an activity and a priority', RULE, { activity: 'Debug', priority: 5 }, OK),
  put('another state that is none', RULE, { state: 'OK' }, OK),
  put('no child', RULE, { child_rule_id: null }, notValid),
  put('sources that are unknown', RULE, { source_replica_expression: 'NOPE' }, OK),
  put('meta', RULE, { meta: { a: 1 } }, OK),
  put('a purge', RULE, { purge_replicas: true }, OK),
  put('an approval that nobody waits for', RULE, { approve: true }, OK),
  put('a denial that nobody waits for', RULE, { approve: false }, OK),
  shown('after many changes'),
  put('a new owner', RULE, { account: 'jdoe' }, OK),
  put('a pause', RULE, { state: 'suspended' }, OK),
  shown('paused, with a new owner'),
  put('an end to a rule that copies', ruleOn(MC, `${TTBAR}_r13145_p5855`), { state: 'STUCK' }, OK),
  rules('which is stuck', MC, `${TTBAR}_r13145_p5855`, 1),
  {
    title: 'its locks',
    path: `/rules/${ruleOn(MC, `${TTBAR}_r13145_p5855`)}/locks`,
    status: 200,
    rows: 12,
  },
  put(
    'a comment on a rule that is stuck',
    ruleOn(MC, `${TTH}_r13145_p5855`),
    { comment: 'why?' },
    OK,
  ),
  {
    title: 'whose other locks still copy',
    path: `/rules/${ruleOn(MC, `${TTH}_r13145_p5855`)}/locks`,
    status: 200,
    rows: 12,
  },
];

const WAITING = ruleOn(MC, `${ZMUMU}_r13144_p5855`);

export const APPROVAL: Scenario = [
  put('an approval of an unknown rule', NOBODY, { approve: true }, notFound),
  put('a denial of an unknown rule', NOBODY, { approve: false }, notFound),
  put('an approval of what is no rule', 'zzz', { approve: true }, uncaught),
  put('an approval by a physicist', WAITING, { approve: true }, forbidden),
  put('an approval', WAITING, { approve: true, comment: 'fine' }, OK),
  rules('which waits for a daemon now', MC, `${ZMUMU}_r13144_p5855`, 1),
  put('a denial that comes too late', WAITING, { approve: false }, OK),
  rules('which still waits', MC, `${ZMUMU}_r13144_p5855`, 1),
];

export const DENIAL: Scenario = [
  put('a denial', WAITING, { approve: false, comment: 'too large' }, OK),
  rules('no rule any more', MC, `${ZMUMU}_r13144_p5855`, 0),
  { title: 'its history', path: `/rules/${MC}/${ZMUMU}_r13144_p5855/history`, status: 200 },
];

const LOCKED: Outcome = { status: 401, exceptionClass: 'UnsupportedOperation' };

export const DELETION: Scenario = [
  remove('an unknown rule', NOBODY, {}, notFound),
  remove('what is no rule', 'zzz', {}, { status: 500, loosely: 'text' }),
  remove('without a body', RULE, undefined, { status: 400, exceptionClass: 'ValueError' }),
  remove('with no JSON', RULE, 'x', { status: 400, exceptionClass: 'ValueError' }),
  remove('a locked rule', ruleOn(MC, `${TTBAR}_r13144_p5855`), {}, LOCKED),
  remove('by its owner, who may not', ruleOn(MC, `${TTBAR}_r13145_p5855`), {}, forbidden),
  remove('a rule', RULE, { purge_replicas: null }, OK),
  shown('which goes in an hour'),
  remove(
    'a rule with its replicas',
    ruleOn(MC, `${TTBAR}_r13145_p5855`),
    { purge_replicas: true },
    OK,
  ),
  rules('which goes in an hour, too', MC, `${TTBAR}_r13145_p5855`, 1),
];

const BOTH = ruleOn(GROUP, WORKSPACES);
const replaceFailed: Outcome = { status: 409, exceptionClass: 'RuleReplaceFailed' };

export const REDUCTION: Scenario = [
  post('an unknown rule', NOBODY, ['reduce', { copies: 1 }], notFound),
  post('what is no rule', 'zzz', ['reduce', { copies: 1 }], { status: 500, loosely: 'text' }),
  post('to nothing said', BOTH, ['reduce', {}], { status: 400, exceptionClass: 'KeyError' }),
  post('to as many copies', BOTH, ['reduce', { copies: 2 }], replaceFailed),
  post('to no copies', BOTH, ['reduce', { copies: 0 }], badCopies),
  post('to a text', BOTH, ['reduce', { copies: 'x' }], { status: 500 }),
  post('by a physicist', BOTH, ['reduce', { copies: 1 }], { ...denied, as: 'jdoe' }),
  post(
    'a rule that copies',
    ruleOn(MC, `${TTBAR}_r13145_p5855`),
    ['reduce', { copies: 0 }],
    replaceFailed,
  ),
  post(
    'without any place left',
    BOTH,
    ['reduce', { copies: 1, exclude_expression: `${CERN}|${BNL}` }],
    { status: 500, exceptionClass: 'InvalidRSEExpression' },
  ),
  post('to one copy', BOTH, ['reduce', { copies: 1, exclude_expression: BNL }], MADE),
  rules('the new rule', GROUP, WORKSPACES, 1),
  { title: 'their history', path: `/rules/${GROUP}/${WORKSPACES}/history`, status: 200 },
];

const MOVED = ruleOn(MC, `${TTBAR}_r13145_p5855`);

export const MOVE: Scenario = [
  post('an unknown rule', NOBODY, ['move', { rse_expression: BNL }], notFound),
  post('what is no rule', 'zzz', ['move', { rse_expression: BNL }], uncaught),
  post('to nowhere said', MOVED, ['move', {}], { status: 400, exceptionClass: 'KeyError' }),
  post('to an unknown place', MOVED, ['move', { rse_expression: 'NOPE' }], {
    status: 500,
    exceptionClass: 'InvalidRSEExpression',
  }),
  post('to where it is', MOVED, ['move', { rse_expression: DESY }], {
    status: 500,
    exceptionClass: 'DuplicateRule',
  }),
  post('to where there is no quota', MOVED, ['move', { rse_expression: 'CERN-PROD_RAW' }], {
    status: 500,
    exceptionClass: 'InsufficientAccountLimit',
  }),
  post('by its owner, who may not', MOVED, ['move', { rse_expression: BNL }], {
    ...denied,
    as: 'jdoe',
  }),
  post('with an unknown change', MOVED, ['move', { rse_expression: BNL, override: { zzz: 1 } }], {
    status: 500,
    exceptionClass: 'UnsupportedOperation',
  }),
  post('with another DID', MOVED, ['move', { rse_expression: BNL, override: { dids: [] } }], {
    status: 500,
    exceptionClass: 'UnsupportedOperation',
  }),
  post('to another place', MOVED, ['move', { rse_expression: BNL }], MADE),
  rules('both rules', MC, `${TTBAR}_r13145_p5855`, 2),
  post(
    'again',
    ruleOn(MC, `${TTBAR}_r13145_p5855`, DESY),
    ['move', { rse_expression: CERN }],
    replaceFailed,
  ),
  remove('the old one', ruleOn(MC, `${TTBAR}_r13145_p5855`, DESY), {}, LOCKED),
  put('no child any more', ruleOn(MC, `${TTBAR}_r13145_p5855`, DESY), { child_rule_id: null }, OK),
  rules('the old one stays', MC, `${TTBAR}_r13145_p5855`, 2),
];
