import { type ContractCall, segment } from './call';

const MC = 'mc20_13TeV';
const TTBAR = `${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;
const DATASET = `${TTBAR}_tid36004629_00`;
const FILE = 'DAOD_PHYS.36004629._000001.pool.root.1';
const OPEN = 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612099';
const GROUP = 'group.phys-higgs.ttH_combination.workspaces.v2';
const DESY = 'DESY-HH_DATADISK';

function copies(title: string, did: string, rows: number, query = ''): ContractCall {
  return {
    title: `copies of ${title}`,
    path: `/replicas/${did}/datasets${query}`,
    status: 200,
    rows,
  };
}

/** Copies of whole datasets. */
export const DATASET_CALLS: readonly ContractCall[] = [
  copies('a dataset', `${MC}/${DATASET}`, 1),
  copies('a dataset, counted', `${MC}/${DATASET}`, 2, '?deep=True'),
  copies('a container', `${MC}/${TTBAR}`, 0),
  copies('a container, counted', `${MC}/${TTBAR}`, 0, '?deep=1'),
  copies('a file, counted', `${MC}/${FILE}`, 0, '?deep=True'),
  copies('an unknown dataset', `${MC}/nope`, 0),
  copies('an unknown dataset, counted', `${MC}/nope`, 0, '?deep=True'),
  copies('an open dataset', `user.jdoe/${OPEN}`, 1),
  copies('an open dataset, counted', `user.jdoe/${OPEN}`, 2, '?deep=True'),
  copies('a dataset without rules', 'archive/calibration', 0),
  copies('a dataset without rules, counted', 'archive/calibration', 1, '?deep=True'),
  copies('an empty dataset, counted', 'archive/empty-dataset', 0, '?deep=True'),
  copies('a name with slashes', `user.jdoe/${segment('analysis/2026/higgs/limits_v2')}`, 1),
  copies('a dataset of a group', `group.phys-higgs/${GROUP}`, 2),
  copies('a dataset of a group, counted', `group.phys-higgs/${GROUP}`, 2, '?deep=true'),
  {
    ...copies('a dataset, perhaps counted', `${MC}/${DATASET}`, 0, '?deep=zz'),
    rows: undefined,
    status: 400,
    exceptionClass: 'TypeError',
  },
  {
    title: 'copies of no name',
    path: '/replicas/x/datasets',
    status: 400,
    exceptionClass: 'ValueError',
  },
  {
    title: 'all datasets of a storage element',
    path: `/replicas/rse/${DESY}`,
    status: 200,
    rows: 5,
  },
  {
    title: 'copies of many datasets',
    path: '/replicas/datasets_bulk',
    send: {
      dids: [
        { scope: MC, name: DATASET },
        { scope: MC, name: 'nope' },
        { scope: MC, name: TTBAR },
        { scope: 'group.phys-higgs', name: GROUP },
        { scope: MC, name: DATASET },
      ],
    },
    status: 200,
    rows: 3,
  },
  {
    title: 'copies of no datasets',
    path: '/replicas/datasets_bulk',
    send: { dids: [] },
    status: 400,
    exceptionClass: 'ValueError',
  },
  {
    title: 'copies of nothing',
    path: '/replicas/datasets_bulk',
    send: {},
    status: 400,
    exceptionClass: 'KeyError',
  },
  {
    title: 'copies of a text',
    path: '/replicas/datasets_bulk',
    send: { dids: 'x' },
    status: 400,
    exceptionClass: 'InvalidObject',
  },
  {
    title: 'copies of a scope',
    path: '/replicas/datasets_bulk',
    send: { dids: [{ scope: MC }] },
    status: 400,
    exceptionClass: 'InvalidObject',
  },
  {
    title: 'copies of too many datasets',
    path: '/replicas/datasets_bulk',
    send: { dids: Array.from({ length: 1001 }, (_, index) => ({ scope: MC, name: `d${index}` })) },
    status: 400,
    exceptionClass: 'InvalidObject',
  },
  {
    title: 'the DIDs of addresses without a storage element',
    path: '/replicas/dids',
    send: { pfns: ['root://x/y'] },
    status: 400,
    exceptionClass: 'KeyError',
  },
  {
    title: 'the DIDs of no addresses',
    path: '/replicas/dids',
    send: { rse: DESY },
    status: 500,
    exceptionClass: 'RSEProtocolNotSupported',
    loosely: 'text',
  },
  {
    title: 'the DIDs of addresses at an unknown storage element',
    path: '/replicas/dids',
    send: { rse: 'NOPE', pfns: ['root://x/y'] },
    status: 500,
    exceptionClass: 'RSENotFound',
  },
  {
    title: 'the DIDs of addresses at one that does not speak SRM',
    path: '/replicas/dids',
    send: { rse: DESY, pfns: ['davs://dcache-demo.desy.example.org:2880/dq2/datadisk/rucio/x'] },
    status: 500,
    exceptionClass: 'RSEProtocolNotSupported',
    loosely: 'text',
  },
];

function locks(title: string, path: string, rows: number): ContractCall {
  return { title: `locks of ${title}`, path: `/locks/${path}?did_type=dataset`, status: 200, rows };
}

/** What rules hold of whole datasets. */
export const LOCK_CALLS: readonly ContractCall[] = [
  locks('a dataset', `${MC}/${DATASET}`, 1),
  locks('a container', `${MC}/${TTBAR}`, 0),
  locks('a file', `${MC}/${FILE}`, 0),
  locks('an unknown dataset', `${MC}/nope`, 0),
  locks('an open dataset', `user.jdoe/${OPEN}`, 1),
  locks('a dataset of a group', `group.phys-higgs/${GROUP}`, 2),
  locks('scattered files', `user.jdoe/${segment('analysis/2026/higgs/limits_v2')}`, 0),
  locks('a storage element', DESY, 5),
  locks('a tape', 'CERN-PROD_RAW', 1),
  locks('a storage element with several rules', 'BNL-OSG2_DATADISK', 5),
  locks('a storage element without any', 'RAL-LCG2_SCRATCHDISK', 0),
  { title: 'locks of a DID of no type', path: `/locks/${MC}/${DATASET}`, status: 500 },
  { title: 'locks of a storage element of no type', path: `/locks/${DESY}`, status: 500 },
  {
    title: 'locks of an unknown storage element',
    path: '/locks/NOPE?did_type=dataset',
    status: 404,
    exceptionClass: 'RSENotFound',
  },
  {
    title: 'locks of many',
    path: '/locks/bulk_locks_for_dids',
    send: { dids: [{ scope: MC, name: TTBAR, type: 'container' }] },
    status: 200,
    rows: 1,
  },
  {
    title: 'locks of none',
    path: '/locks/bulk_locks_for_dids',
    send: { dids: [] },
    status: 200,
    rows: 0,
  },
  { title: 'locks of nothing', path: '/locks/bulk_locks_for_dids', send: {}, status: 400 },
];
