import type { ContractCall } from './call';

const MC = 'mc20_13TeV';
const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';
const PAIR = `src_rse=${CERN}&dst_rse=${DESY}`;
const SUBMITTED = 'DAOD_PHYS.36004629._000001.pool.root.1';
const QUEUED = 'DAOD_PHYS.36004629._000005.pool.root.1';
const FAILED = 'DAOD_PHYS.36004833._000007.pool.root.1';

const MISSING = { status: 400, exceptionClass: 'MissingParameter' } as const;
const DENIED = { status: 500, exceptionClass: 'AccessDenied' } as const;
const NO_RSE = { status: 500, exceptionClass: 'RSENotFound' } as const;
const NO_REQUEST = { status: 404, exceptionClass: 'RequestNotFound' } as const;

function listed(title: string, query: string, rows: number): ContractCall {
  return { title: `requests ${title}`, path: `/requests/list?${query}`, status: 200, rows };
}

function past(title: string, query: string, rows: number): ContractCall {
  return {
    title: `past requests ${title}`,
    path: `/requests/history/list?${query}`,
    status: 200,
    rows,
  };
}

/** Transfers. */
export const REQUEST_CALLS: readonly ContractCall[] = [
  listed('under way', `${PAIR}&request_states=S`, 2),
  listed('that wait, whose source is unknown', `${PAIR}&request_states=Q`, 0),
  listed('in several states', `${PAIR}&request_states=Q,S,W,P`, 2),
  listed('between sites', 'src_site=CERN-PROD&dst_site=DESY-HH&request_states=S', 2),
  listed('the other way', `src_rse=${DESY}&dst_rse=${CERN}&request_states=S`, 0),
  {
    title: 'requests in an unknown state',
    path: `/requests/list?${PAIR}&request_states=B`,
    status: 400,
    exceptionClass: 'Invalid',
  },
  {
    title: 'requests in a state in words',
    path: `/requests/list?${PAIR}&request_states=QUEUED`,
    status: 400,
    exceptionClass: 'Invalid',
  },
  { title: 'requests in no state', path: `/requests/list?${PAIR}`, ...MISSING },
  {
    title: 'requests to nowhere',
    path: `/requests/list?src_rse=${CERN}&request_states=Q`,
    ...MISSING,
  },
  {
    title: 'requests from nowhere',
    path: `/requests/list?dst_rse=${CERN}&request_states=Q`,
    ...MISSING,
  },
  {
    title: 'requests to no site',
    path: '/requests/list?src_site=CERN-PROD&request_states=Q',
    ...MISSING,
  },
  {
    title: 'requests from no site',
    path: '/requests/list?dst_site=CERN-PROD&request_states=Q',
    ...MISSING,
  },
  { title: 'requests anywhere', path: '/requests/list?request_states=Q', ...NO_RSE },
  {
    title: 'requests from an unknown one',
    path: `/requests/list?src_rse=NOPE&dst_rse=${DESY}&request_states=Q`,
    ...NO_RSE,
  },
  {
    title: 'requests to an unknown one',
    path: `/requests/list?src_rse=${CERN}&dst_rse=NOPE&request_states=Q`,
    ...NO_RSE,
  },
  {
    title: 'requests from an unknown site',
    path: '/requests/list?src_site=zz&dst_site=DESY-HH&request_states=Q',
    status: 404,
    exceptionClass: 'NotFound',
  },
  {
    title: 'requests to an unknown site',
    path: '/requests/list?src_site=CERN-PROD&dst_site=zz&request_states=Q',
    status: 404,
    exceptionClass: 'NotFound',
  },
  {
    title: 'requests for a physicist',
    path: `/requests/list?${PAIR}&request_states=S`,
    as: 'jdoe',
    ...DENIED,
  },
  {
    title: 'requests between sites for a physicist',
    path: '/requests/list?src_site=CERN-PROD&dst_site=DESY-HH&request_states=S',
    as: 'jdoe',
    ...DENIED,
  },
  {
    title: 'requests from an unknown one for a physicist',
    path: `/requests/list?src_rse=NOPE&dst_rse=${DESY}&request_states=Q`,
    as: 'jdoe',
    ...NO_RSE,
  },
  past('that failed', `${PAIR}&request_states=F`, 4),
  past('that succeeded', `${PAIR}&request_states=D`, 0),
  {
    ...past('that failed, a page', `${PAIR}&request_states=F&offset=1&limit=2`, 2),
    loosely: 'choice',
  },
  {
    ...past('that failed, the last page', `${PAIR}&request_states=F&offset=3&limit=2`, 1),
    loosely: 'choice',
  },
  past('that failed, behind the end', `${PAIR}&request_states=F&offset=10`, 0),
  past(
    'that failed, with bounds that are no numbers',
    `${PAIR}&request_states=F&offset=x&limit=y`,
    4,
  ),
  { title: 'past requests in no state', path: `/requests/history/list?${PAIR}`, ...MISSING },
  { title: 'past requests anywhere', path: '/requests/history/list?request_states=F', ...NO_RSE },
  {
    title: 'past requests for a robot',
    path: `/requests/history/list?${PAIR}&request_states=F`,
    as: 'robot',
    ...DENIED,
  },
  {
    title: 'a request that waits',
    path: `/requests/${MC}/${QUEUED}/${DESY}`,
    as: 'jdoe',
    status: 200,
    body: { state: 'QUEUED', source_rse: null },
  },
  {
    title: 'a request under way',
    path: `/requests/${MC}/${SUBMITTED}/${DESY}`,
    as: 'robot',
    status: 200,
    body: { state: 'SUBMITTED', source_rse: CERN },
  },
  { title: 'a request that is over', path: `/requests/${MC}/${FAILED}/${DESY}`, ...NO_REQUEST },
  { title: 'no request', path: `/requests/${MC}/${QUEUED}/${CERN}`, ...NO_REQUEST },
  {
    title: 'a request for an unknown file',
    path: `/requests/${MC}/nope/${DESY}`,
    as: 'jdoe',
    ...NO_REQUEST,
  },
  {
    title: 'a request to an unknown one',
    path: `/requests/${MC}/${QUEUED}/NOPE`,
    as: 'jdoe',
    ...NO_RSE,
  },
  {
    title: 'a request for no name',
    path: `/requests/x/${DESY}`,
    status: 400,
    exceptionClass: 'ValueError',
  },
  {
    title: 'a past request',
    path: `/requests/history/${MC}/${FAILED}/${DESY}`,
    status: 200,
    body: { state: 'FAILED' },
  },
  {
    title: 'a past request for a physicist',
    path: `/requests/history/${MC}/${FAILED}/${DESY}`,
    as: 'jdoe',
    ...DENIED,
  },
  { title: 'no past request', path: `/requests/history/${MC}/${QUEUED}/${DESY}`, ...NO_REQUEST },
  {
    title: 'a past request to an unknown one',
    path: `/requests/history/${MC}/${QUEUED}/NOPE`,
    ...NO_RSE,
  },
  { title: 'transfer limits', path: '/requests/transfer_limits', status: 200, rows: 2 },
  {
    title: 'transfer limits for a physicist',
    path: '/requests/transfer_limits',
    as: 'jdoe',
    ...DENIED,
  },
];
