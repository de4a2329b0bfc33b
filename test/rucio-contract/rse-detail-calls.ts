import type { ContractCall } from './call';

const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';
const NOT_FOUND = { status: 404, exceptionClass: 'RSENotFound' } as const;

/** Space, bounds, protocols and distances of storage elements. */
export const RSE_DETAIL_CALLS: readonly ContractCall[] = [
  { title: 'usage', path: `/rses/${CERN}/usage`, status: 200, rows: 2 },
  { title: 'usage of a tape', path: '/rses/TRIUMF-LCG2_MCTAPE/usage', status: 200, rows: 2 },
  { title: 'usage by account', path: `/rses/${CERN}/usage?per_account=True`, status: 200, rows: 2 },
  { title: 'usage by account, as 1', path: `/rses/${DESY}/usage?per_account=1`, status: 200 },
  {
    title: 'usage by account, for somebody else',
    path: '/rses/BNL-OSG2_DATADISK/usage?per_account=true',
    as: 'robot',
    status: 200,
  },
  {
    title: 'usage by account where nobody has any',
    path: '/rses/RAL-LCG2_SCRATCHDISK/usage?per_account=True',
    status: 200,
  },
  {
    title: 'usage by account, perhaps',
    path: `/rses/${CERN}/usage?per_account=zz`,
    status: 400,
    exceptionClass: 'TypeError',
  },
  {
    title: 'usage of one source',
    path: `/rses/${CERN}/usage?source=storage`,
    status: 200,
    rows: 1,
    body: { free: 1.8e15, used: 1.82e16 },
  },
  {
    title: 'usage of an unknown source',
    path: `/rses/${CERN}/usage?source=x`,
    status: 200,
    rows: 0,
  },
  { title: 'usage of an unknown one', path: '/rses/NOPE/usage', ...NOT_FOUND },
  {
    title: 'usage for a client that reads only JSON',
    path: `/rses/${CERN}/usage`,
    headers: { Accept: 'application/json' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  },
  { title: 'all accounts', path: `/rses/${CERN}/accounts/usage`, status: 200 },
  {
    title: 'all accounts, for somebody',
    path: `/rses/${DESY}/accounts/usage`,
    as: 'jdoe',
    status: 200,
  },
  { title: 'all accounts of an unknown one', path: '/rses/NOPE/accounts/usage', ...NOT_FOUND },
  { title: 'bounds', path: `/rses/${DESY}/limits`, status: 200, body: { MinFreeSpace: 1e14 } },
  { title: 'no bounds', path: `/rses/${CERN}/limits`, status: 200 },
  { title: 'bounds of an unknown one', path: '/rses/NOPE/limits', ...NOT_FOUND },
  { title: 'protocols', path: `/rses/${CERN}/protocols`, status: 200 },
  {
    title: 'protocols of a domain',
    path: `/rses/${CERN}/protocols?protocol_domain=ALL`,
    status: 200,
  },
  { title: 'protocols of a scheme', path: `/rses/${CERN}/protocols/root`, status: 200 },
  { title: 'protocols of an unknown scheme', path: `/rses/${CERN}/protocols/zzz`, status: 200 },
  { title: 'protocols of an unknown one', path: '/rses/NOPE/protocols', ...NOT_FOUND },
  { title: 'a distance', path: `/rses/${CERN}/distances/${DESY}`, status: 200 },
  { title: 'no distance', path: `/rses/${DESY}/distances/CERN-PROD_RAW`, status: 200 },
  { title: 'a distance from an unknown one', path: `/rses/NOPE/distances/${DESY}`, ...NOT_FOUND },
  { title: 'a distance to an unknown one', path: `/rses/${DESY}/distances/NOPE`, ...NOT_FOUND },
];
