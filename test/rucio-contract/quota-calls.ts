import type { ContractCall } from './call';

const DESY = 'DESY-HH_DATADISK';
const DENIED = { as: 'robot', status: 401, exceptionClass: 'AccessDenied' } as const;
const NO_RSE = { status: 404, exceptionClass: 'RSENotFound' } as const;
const NO_ACCOUNT = { status: 404, exceptionClass: 'AccountNotFound' } as const;
const UNCAUGHT_ACCOUNT = { status: 500, exceptionClass: 'AccountNotFound' } as const;

/** Lists of accounts; what accounts use and may use. */
export const QUOTA_CALLS: readonly ContractCall[] = [
  { title: 'all accounts', path: '/accounts', status: 200, rows: 5 },
  { title: 'all accounts with the slash', path: '/accounts/', as: 'jdoe', status: 200, rows: 5 },
  { title: 'accounts of a type', path: '/accounts?account_type=USER', status: 200, rows: 1 },
  { title: 'accounts of a type in lower case', path: '/accounts?account_type=user', status: 500 },
  { title: 'accounts of no type', path: '/accounts?account_type=', status: 500 },
  { title: 'accounts of an identity', path: '/accounts?identity=shifter', status: 200, rows: 2 },
  {
    title: 'accounts of a type and an identity',
    path: '/accounts?account_type=USER&identity=shifter',
    status: 200,
    rows: 1,
  },
  {
    title: 'accounts of an unknown identity',
    path: '/accounts?identity=nope',
    status: 200,
    rows: 0,
  },
  { title: 'accounts with an attribute', path: '/accounts?zzz=1', status: 200, rows: 0 },
  { title: "an account's attributes", path: '/accounts/jdoe/attr/', status: 200 },
  { title: "an unknown account's attributes", path: '/accounts/nope/attr/', ...NO_ACCOUNT },
  { title: 'scopes with their owners', path: '/scopes/owner/', status: 200 },
  { title: 'usage by the old path', path: '/accounts/jdoe/usage', status: 200, rows: 3 },
  {
    title: 'usage by the old path with the slash',
    path: '/accounts/jdoe/usage/',
    status: 200,
    rows: 3,
  },
  {
    title: 'usage of one storage element',
    path: `/accounts/jdoe/usage/local/${DESY}`,
    as: 'jdoe',
    status: 200,
    rows: 1,
    body: { bytes_limit: 2e13 },
  },
  {
    title: 'usage of one storage element by the old path',
    path: `/accounts/jdoe/usage/${DESY}`,
    status: 200,
    rows: 1,
  },
  {
    title: 'usage of a storage element that is not used',
    path: '/accounts/jdoe/usage/local/CERN-PROD_RAW',
    status: 200,
    rows: 0,
  },
  {
    title: 'usage of an unknown storage element',
    path: '/accounts/jdoe/usage/local/NOPE',
    ...NO_RSE,
  },
  {
    title: "somebody else's usage of an unknown storage element",
    path: '/accounts/jdoe/usage/local/NOPE',
    as: 'robot',
    ...NO_RSE,
  },
  { title: "somebody else's usage", path: `/accounts/jdoe/usage/local/${DESY}`, ...DENIED },
  { title: 'global usage', path: '/accounts/jdoe/usage/global', as: 'jdoe', status: 200, rows: 1 },
  {
    title: 'global usage without a limit',
    path: '/accounts/prodsys/usage/global',
    status: 200,
    rows: 1,
    body: { bytes_limit: Number.POSITIVE_INFINITY },
  },
  {
    title: 'no global usage',
    path: '/accounts/robot/usage/global',
    as: 'robot',
    status: 200,
    rows: 0,
  },
  { title: "somebody else's global usage", path: '/accounts/jdoe/usage/global', ...DENIED },
  { title: 'global usage of nobody', path: '/accounts/nope/usage/global', ...NO_ACCOUNT },
  {
    title: 'global usage of an expression',
    path: '/accounts/jdoe/usage/global/type=DATADISK',
    status: 200,
    rows: 1,
  },
  {
    title: 'global usage of an expression without a limit',
    path: '/accounts/jdoe/usage/global/tier=1',
    status: 200,
    rows: 1,
    body: { bytes_limit: 0 },
  },
  {
    title: 'global usage of an expression that is none',
    path: '/accounts/jdoe/usage/global/tier=9',
    status: 500,
    exceptionClass: 'InvalidRSEExpression',
  },
  { title: 'limits by the old path', path: '/accounts/jdoe/limits', status: 200 },
  {
    title: 'a limit',
    path: `/accounts/jdoe/limits/local/${DESY}`,
    status: 200,
    body: { [DESY]: 2e13 },
  },
  { title: 'a limit by the old path', path: `/accounts/jdoe/limits/${DESY}`, status: 200 },
  {
    title: 'an unlimited limit',
    path: '/accounts/prodsys/limits/local/CERN-PROD_RAW',
    as: 'robot',
    status: 200,
    body: { 'CERN-PROD_RAW': Number.POSITIVE_INFINITY },
  },
  {
    title: 'no limit',
    path: '/accounts/jdoe/limits/local/CERN-PROD_RAW',
    status: 200,
    body: { 'CERN-PROD_RAW': null },
  },
  { title: 'a limit by an expression', path: '/accounts/jdoe/limits/local/tier=1', ...NO_RSE },
  { title: 'a limit of nobody', path: `/accounts/nope/limits/local/${DESY}`, ...UNCAUGHT_ACCOUNT },
  { title: 'global limits', path: '/accounts/jdoe/limits/global', as: 'robot', status: 200 },
  { title: 'global limits without end', path: '/accounts/prodsys/limits/global', status: 200 },
  { title: 'no global limits', path: '/accounts/robot/limits/global', status: 200 },
  { title: 'global limits of nobody', path: '/accounts/nope/limits/global', ...UNCAUGHT_ACCOUNT },
  {
    title: 'a global limit',
    path: '/accounts/jdoe/limits/global/type=DATADISK',
    status: 200,
    body: { 'type=DATADISK': 2.5e13 },
  },
  {
    title: 'no global limit, for an expression that is none',
    path: '/accounts/jdoe/limits/global/tier=9',
    status: 200,
    body: { 'tier=9': null },
  },
];
