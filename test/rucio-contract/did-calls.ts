import { type ContractCall, segment } from './call';

const MC = 'mc20_13TeV';
const ZEE = `${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
const FILE = 'DAOD_PHYS.36004612._000001.pool.root.1';
const PERIOD = 'data22_13p6TeV.periodF.physics_Main.PhysCont.DAOD_PHYS.grp22_v02_p5855';
const OPEN = 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612099';

/** Single DIDs and what hangs on them. */
export const DID_CALLS: readonly ContractCall[] = [
  {
    title: 'a container',
    path: `/dids/${MC}/${ZEE}_r13145_p5855`,
    status: 200,
    body: { type: 'CONTAINER', open: false, length: 12, account: 'prodsys' },
  },
  {
    title: 'an open container',
    path: `/dids/data22_13p6TeV/${PERIOD}`,
    status: 200,
    body: { length: null },
  },
  {
    title: 'an open container, counted by files',
    path: `/dids/data22_13p6TeV/${PERIOD}?dynamic_depth=FILE`,
    status: 200,
    body: { length: 36 },
  },
  {
    title: 'an open container, counted by datasets',
    path: `/dids/data22_13p6TeV/${PERIOD}?dynamic_depth=DATASET`,
    status: 200,
    body: { length: 36 },
  },
  {
    title: 'the old way to count',
    path: `/dids/data22_13p6TeV/${PERIOD}?dynamic=False`,
    status: 200,
    body: { length: 36 },
  },
  {
    title: 'an unknown depth',
    path: `/dids/data22_13p6TeV/${PERIOD}?dynamic_depth=zzz`,
    status: 200,
    body: { length: null },
  },
  {
    title: 'an open dataset',
    path: `/dids/user.jdoe/${OPEN}`,
    status: 200,
    body: { open: true, bytes: null },
  },
  {
    title: 'an open dataset, counted',
    path: `/dids/user.jdoe/${OPEN}?dynamic_depth=file`,
    status: 200,
    body: { length: 5 },
  },
  {
    title: 'an open dataset, counted by datasets',
    path: `/dids/user.jdoe/${OPEN}?dynamic_depth=DATASET`,
    status: 200,
  },
  {
    title: 'a container with an open dataset, counted by datasets',
    path: '/dids/user.jdoe/user.jdoe.410470.ttbar_nonallhad.v3_tree.root?dynamic_depth=DATASET',
    status: 200,
    body: { length: 8 },
  },
  {
    title: 'a file',
    path: `/dids/${MC}/${FILE}`,
    status: 200,
    body: { type: 'FILE', length: 1, account: 'root' },
  },
  {
    title: 'a file, counted',
    path: `/dids/${MC}/${FILE}?dynamic_depth=FILE`,
    status: 200,
    body: { length: 1 },
  },
  {
    title: 'an empty dataset',
    path: '/dids/archive/empty-dataset?dynamic_depth=FILE',
    status: 200,
    body: { length: 0, bytes: 0 },
  },
  {
    title: 'an empty container',
    path: '/dids/archive/empty-container?dynamic_depth=DATASET',
    status: 200,
    body: { length: 0 },
  },
  { title: 'the status', path: `/dids/${MC}/${ZEE}_r13145_p5855/status`, status: 200 },
  {
    title: 'an unknown name',
    path: `/dids/${MC}/nope`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'an unknown scope',
    path: '/dids/nope/nope',
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'the status of an unknown name',
    path: `/dids/${MC}/nope/status`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'a name with slashes',
    path: `/dids/user.jdoe/${segment('analysis/2026/higgs/limits_v2')}`,
    status: 200,
  },
  {
    title: 'a name with bare slashes',
    path: '/dids/user.jdoe/analysis/2026/higgs/limits_v2',
    status: 200,
  },
  {
    title: 'a name that begins with a slash',
    path: `/dids/user.jdoe/${segment('/store/user/jdoe/nanoaod/run3')}`,
    status: 200,
  },
  {
    title: 'a name that ends like an address',
    path: `/dids/user.jdoe/${segment('analysis/2026/files')}`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'the status of a name that ends like an address',
    path: `/dids/user.jdoe/${segment('analysis/2026/files')}/status`,
    status: 200,
    body: { name: 'analysis/2026/files' },
  },
  {
    title: 'a name that is encoded twice',
    path: '/dids/user.jdoe/analysis%252F2026',
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'a name with a question mark',
    path: `/dids/${MC}/a%3Fb`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'a name with a space',
    path: `/dids/${MC}/a%20b`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'a name with a plus sign',
    path: `/dids/${MC}/a+b`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  {
    title: 'a client that reads only streams',
    path: `/dids/${MC}/${FILE}`,
    headers: { Accept: 'application/x-json-stream' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  },
  {
    title: 'a client that reads HTML, or else anything',
    path: `/dids/${MC}/${FILE}`,
    headers: { Accept: 'text/html, */*;q=0.1' },
    status: 200,
  },
  {
    title: 'a client that reads any application type',
    path: `/dids/${MC}/${FILE}`,
    headers: { Accept: 'application/*' },
    status: 200,
  },
  { title: 'content', path: `/dids/${MC}/${ZEE}_r13167_p5855/dids`, status: 200, rows: 2 },
  { title: 'content of a dataset', path: `/dids/user.jdoe/${OPEN}/dids`, status: 200, rows: 5 },
  { title: 'content of a file', path: `/dids/${MC}/${FILE}/dids`, status: 200, rows: 0 },
  {
    title: 'content of an unknown name',
    path: `/dids/${MC}/nope/dids`,
    status: 404,
    exceptionClass: 'DataIdentifierNotFound',
  },
  { title: 'files', path: `/dids/${MC}/${ZEE}_r13167_p5855/files`, status: 200, rows: 24 },
  {
    title: 'files, long',
    path: `/dids/${MC}/${ZEE}_r13167_p5855/files?long=False`,
    status: 200,
    rows: 24,
  },
  { title: 'files of a file', path: `/dids/${MC}/${FILE}/files`, status: 200, rows: 1 },
  {
    title: 'files of an empty dataset',
    path: '/dids/archive/empty-dataset/files',
    status: 200,
    rows: 0,
  },
  { title: 'parents', path: `/dids/${MC}/${FILE}/parents`, status: 200, rows: 1 },
  { title: 'parents of an unknown name', path: `/dids/${MC}/nope/parents`, status: 200, rows: 0 },
];
