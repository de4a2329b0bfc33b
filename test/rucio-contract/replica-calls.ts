import type { ContractCall } from './call';

const PATH = '/replicas/list';
const FILE = { scope: 'mc20_13TeV', name: 'DAOD_PHYS.36004612._000001.pool.root.1' };
const CONTAINER = {
  scope: 'mc20_13TeV',
  name: 'mc20_13TeV.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681_r13144_p5855',
};
const COPYING = {
  scope: 'mc20_13TeV',
  name: 'mc20_13TeV.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855',
};
const LOST = { scope: 'archive', name: 'calibration-2009.tar' };
const BROKEN = { scope: 'archive', name: 'calibration-2010.tar' };
const DATASET = { scope: 'archive', name: 'calibration' };
const GROUP = {
  scope: 'group.phys-higgs',
  name: 'group.phys-higgs.ttH_combination.workspaces.v2',
};
const OPEN = {
  scope: 'user.jdoe',
  name: 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612099',
};
const UNKNOWN = { scope: 'mc20_13TeV', name: 'nope' };

function ask(title: string, send: unknown, rows: number): ContractCall {
  return { title, path: PATH, send, status: 200, rows };
}

function refuse(
  title: string,
  send: unknown,
  status: number,
  exceptionClass?: string,
): ContractCall {
  return {
    title,
    path: PATH,
    send,
    status,
    ...(exceptionClass === undefined ? {} : { exceptionClass }),
  };
}

function thousandAndOne(): unknown {
  return { dids: Array.from({ length: 1001 }, (_, index) => ({ ...UNKNOWN, name: `x${index}` })) };
}

/** Which replicas there are. */
export const REPLICA_CALLS: readonly ContractCall[] = [
  ask('a file', { dids: [FILE] }, 1),
  ask('a file twice', { dids: [FILE, FILE] }, 1),
  ask('a container', { dids: [CONTAINER] }, 12),
  ask(
    'a container and a file of it',
    { dids: [CONTAINER, { ...FILE, name: 'DAOD_PHYS.36004680._000001.pool.root.1' }] },
    12,
  ),
  ask('an unknown name', { dids: [UNKNOWN] }, 0),
  ask('a known and an unknown name', { dids: [FILE, UNKNOWN] }, 1),
  ask('no names', { dids: [] }, 0),
  ask('nothing', {}, 0),
  ask('names in an empty object', { dids: {} }, 0),
  ask('a name with its type', { dids: [{ ...FILE, type: 'FILE' }] }, 1),
  ask('files without a replica come when they are named', { dids: [LOST, BROKEN] }, 2),
  ask('files without a replica do not come as content', { dids: [DATASET] }, 1),
  ask('all states', { dids: [DATASET], all_states: true }, 2),
  ask('all states, as text', { dids: [DATASET], all_states: 'true' }, 2),
  ask('all states, as a number', { dids: [DATASET], all_states: 1 }, 2),
  ask('unavailable ones', { dids: [DATASET], unavailable: true }, 2),
  ask(
    'a temporarily unavailable one',
    { dids: [GROUP], all_states: true, ignore_availability: true },
    3,
  ),
  ask('replicas that are on their way', { dids: [COPYING], all_states: true }, 12),
  ask('storage that is not readable is left out', { dids: [OPEN] }, 2),
  ask('storage that is not readable is shown', { dids: [OPEN], ignore_availability: true }, 5),
  ask('storage that is not readable, with all states', { dids: [OPEN], all_states: true }, 5),
  ask('a wrong sort of nothing', { dids: [UNKNOWN], sort: 'bogus' }, 0),
  ask('parents', { dids: [FILE], resolve_parents: true }, 1),
  ask('since a date', { dids: [FILE], updated_after: '2020-01-01T00:00:00' }, 1),
  ask('since a date to come', { dids: [FILE], updated_after: 4_000_000_000 }, 1),
  ask(
    'names with slashes',
    { dids: [{ scope: 'user.jdoe', name: 'analysis/2026/higgs/limits_v2' }] },
    4,
  ),
  ask(
    'names that begin with a slash',
    { dids: [{ scope: 'user.jdoe', name: '/store/user/jdoe/nanoaod/run3' }] },
    2,
  ),
  { ...ask('with a slash', { dids: [FILE] }, 1), path: `${PATH}/` },
];

/** Which addresses the replicas have. */
export const ADDRESS_CALLS: readonly ContractCall[] = [
  ask('one scheme', { dids: [FILE], schemes: ['davs'] }, 1),
  ask('two schemes', { dids: [FILE], schemes: ['root', 'davs'] }, 1),
  ask('a scheme that nothing has', { dids: [FILE], schemes: ['s3'] }, 1),
  ask('no schemes', { dids: [FILE], schemes: [] }, 1),
  ask('a text for the schemes', { dids: [FILE], schemes: 'root' }, 1),
  ask('the local network', { dids: [FILE], domain: 'lan' }, 1),
  ask('both networks', { dids: [FILE], domain: 'all' }, 1),
  ask(
    'both networks and two schemes',
    { dids: [FILE], domain: 'all', schemes: ['davs', 'root'] },
    1,
  ),
  ask('an unknown network', { dids: [FILE], domain: 'zzz' }, 1),
  ask('a client at a site', { dids: [FILE], client_location: { site: 'BNL-ATLAS' } }, 1),
  ask('a client at an unknown site', { dids: [FILE], client_location: { site: 'NOPE' } }, 1),
  ask('by distance', { dids: [FILE], sort: 'geoip' }, 1),
  ask('by an expression', { dids: [FILE], rse_expression: 'tier=1' }, 1),
  ask(
    'by an expression without the files',
    { dids: [FILE], rse_expression: 'DESY-HH_DATADISK' },
    1,
  ),
  ask(
    'by an expression without the content',
    { dids: [CONTAINER], rse_expression: 'DESY-HH_DATADISK' },
    0,
  ),
  ask('by no expression', { dids: [FILE], rse_expression: '' }, 1),
  ask('by everything', { dids: [FILE], rse_expression: '*' }, 1),
  ask('by a difference', { dids: [FILE], rse_expression: 'type=DATADISK\\tier=0' }, 1),
  ask('by a number', { dids: [FILE], rse_expression: 'tier<1' }, 1),
  ask('a wrong expression for nothing', { dids: [], rse_expression: '((' }, 0),
];

/** What is refused. */
export const REPLICA_REFUSALS: readonly ContractCall[] = [
  refuse('no body', '', 400, 'ValueError'),
  refuse('half a body', '{', 400, 'ValueError'),
  refuse('a list', [], 400, 'TypeError'),
  refuse('a text', '"x"', 400, 'TypeError'),
  refuse('names that are a text', { dids: 'x' }, 400, 'InvalidObject'),
  refuse('names that are numbers', { dids: [1] }, 400, 'InvalidObject'),
  refuse('names that are nothing', { dids: [null] }, 400, 'InvalidObject'),
  refuse('no list of names', { dids: null }, 500),
  refuse('no name', { dids: [{ scope: 'mc20_13TeV' }] }, 400, 'InvalidObject'),
  refuse('a name that is a number', { dids: [{ ...FILE, name: 5 }] }, 400, 'InvalidObject'),
  refuse('a name without letters', { dids: [{ ...FILE, name: '-' }] }, 400, 'InvalidObject'),
  refuse('a property too many', { dids: [{ ...FILE, bogus: 1 }] }, 400, 'InvalidObject'),
  refuse('an unknown type', { dids: [{ ...FILE, type: 'X' }] }, 400, 'InvalidObject'),
  refuse('more than a thousand names', thousandAndOne(), 400, 'InvalidObject'),
  refuse('a truth value that is none', { dids: [FILE], all_states: 'yes' }, 400, 'TypeError'),
  refuse('a truth value that is nothing', { dids: [FILE], all_states: null }, 400, 'KeyError'),
  refuse('a truth value that is a list', { dids: [FILE], all_states: [] }, 500),
  refuse('an unknown sort', { dids: [FILE], sort: 'bogus' }, 400, 'SortingAlgorithmNotSupported'),
  {
    ...refuse(
      'an unknown sort in the query',
      { dids: [FILE] },
      400,
      'SortingAlgorithmNotSupported',
    ),
    path: `${PATH}?sort=bogus`,
  },
  refuse('a date that is none', { dids: [FILE], updated_after: 'x' }, 500),
  refuse('schemes that are a number', { dids: [FILE], schemes: 5 }, 500),
  refuse('a location that is a number', { dids: [FILE], client_location: 5 }, 500),
  refuse('a location that is nothing', { dids: [FILE], client_location: null }, 500),
  refuse('an expression that is a number', { dids: [FILE], rse_expression: 5 }, 500),
  refuse('unknown storage', { dids: [FILE], rse_expression: 'NOPE' }, 500, 'InvalidRSEExpression'),
  refuse(
    'an expression for nothing',
    { dids: [FILE], rse_expression: 'tier=7' },
    500,
    'InvalidRSEExpression',
  ),
  refuse('a parenthesis', { dids: [FILE], rse_expression: '((' }, 500, 'InvalidRSEExpression'),
  refuse(
    'half an expression',
    { dids: [FILE], rse_expression: 'tier=1&' },
    500,
    'InvalidRSEExpression',
  ),
  refuse(
    'a pattern of names',
    { dids: [FILE], rse_expression: 'CERN*' },
    500,
    'InvalidRSEExpression',
  ),
  refuse(
    'a wrong expression for an unknown name',
    { dids: [UNKNOWN], rse_expression: '((' },
    500,
    'InvalidRSEExpression',
  ),
  {
    ...refuse(
      'a client that reads only JSON',
      { dids: [FILE] },
      406,
      'UnsupportedRequestedContentType',
    ),
    headers: { Accept: 'application/json' },
  },
  { ...refuse('no token', { dids: [FILE] }, 400, 'ValueError'), as: 'nobody' },
];
