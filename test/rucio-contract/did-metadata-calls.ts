import { type ContractCall, segment } from './call';

const MC = 'mc20_13TeV';
const TTBAR = `${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;
const FILE = 'DAOD_PHYS.36004629._000001.pool.root.1';

function metadata(title: string, did: string, query = ''): ContractCall {
  return { title: `metadata of ${title}`, path: `/dids/${did}/meta${query}`, status: 200 };
}

/** Metadata, and rules that keep a file through its parents. */
export const DID_METADATA_CALLS: readonly ContractCall[] = [
  metadata('a container', `${MC}/${TTBAR}`),
  metadata('a dataset', `${MC}/${TTBAR}_tid36004629_00`),
  metadata('a file', `${MC}/${FILE}`),
  metadata('an open dataset', 'user.jdoe/user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612099'),
  metadata('a name with slashes', `user.jdoe/${segment('/store/user/jdoe/nanoaod/run3')}`),
  metadata(
    'a dataset of a group',
    'group.phys-higgs/group.phys-higgs.ttH_combination.workspaces.v2',
  ),
  metadata('a file of a user', `user.jdoe/${segment('analysis/2026/files/list.txt')}`),
  metadata('an empty container', 'archive/empty-container'),
  metadata('a container, by the plugin', `${MC}/${TTBAR}`, '?plugin=DID_COLUMN'),
  metadata('a container, in lower case', `${MC}/${TTBAR}`, '?plugin=did_column'),
  { ...metadata('a container, as JSON', `${MC}/${TTBAR}`, '?plugin=JSON'), status: 500 },
  { ...metadata('a container, all', `${MC}/${TTBAR}`, '?plugin=ALL'), status: 500 },
  {
    ...metadata('a container, by an unknown plugin', `${MC}/${TTBAR}`, '?plugin=zz'),
    status: 400,
    exceptionClass: 'UnsupportedMetadataPlugin',
  },
  {
    ...metadata('an unknown DID', `${MC}/nope`),
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    ...metadata('an unknown DID, by an unknown plugin', `${MC}/nope`, '?plugin=zz'),
    status: 400,
    exceptionClass: 'UnsupportedMetadataPlugin',
  },
  { ...metadata('no name', 'x'), status: 400, exceptionClass: 'ValueError' },
  {
    title: 'rules that keep a file',
    path: `/dids/${MC}/${FILE}/associated_rules`,
    status: 200,
    rows: 1,
  },
  {
    title: 'rules that keep a dataset',
    path: `/dids/${MC}/${TTBAR}/associated_rules`,
    status: 200,
    rows: 0,
  },
  {
    title: 'rules that keep a lost file',
    path: '/dids/archive/calibration-2009.tar/associated_rules',
    status: 200,
    rows: 0,
  },
  {
    title: 'rules that keep an unknown file',
    path: `/dids/${MC}/nope/associated_rules`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
];
