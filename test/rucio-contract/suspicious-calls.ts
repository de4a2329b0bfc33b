import type { ContractCall } from './call';

const PATH = '/replicas/suspicious';
/** The data of the real server may have been made long ago. */
const EVER = 'younger_than=2020-01-01T00:00:00';

function ask(title: string, query: string, more: Partial<ContractCall> = {}): ContractCall {
  return { title, path: `${PATH}?${query}`, status: 200, ...more };
}

/** Replicas that somebody has declared suspicious. */
export const SUSPICIOUS_CALLS: readonly ContractCall[] = [
  ask('at one storage element', `${EVER}&rse_expression=CERN-PROD_DATADISK`),
  ask('at one storage element, for anybody', `${EVER}&rse_expression=BNL-OSG2_DATADISK`, {
    as: 'jdoe',
  }),
  ask('more often than', `${EVER}&nattempts=1`),
  ask('more often than there are', `${EVER}&nattempts=3`),
  ask('an attempt that is empty', `${EVER}&nattempts=&rse_expression=CERN-PROD_DATADISK`),
  ask('none at a storage element', `${EVER}&rse_expression=DESY-HH_DATADISK`),
  ask('none since a date to come', 'younger_than=2096-01-01T00:00:00'),
  { ...ask('with a slash', ''), path: `${PATH}/?${EVER}&nattempts=1` },
  ask('attempts that are no number', 'nattempts=x', { status: 500 }),
  ask('a date that is none', 'younger_than=yesterday', { status: 500 }),
  ask('unknown storage', `${EVER}&rse_expression=NOPE`, {
    status: 500,
    exceptionClass: 'InvalidRSEExpression',
  }),
  ask('half an expression', `${EVER}&rse_expression=tier%3D1%26`, {
    status: 500,
    exceptionClass: 'InvalidRSEExpression',
  }),
  ask('a client that reads only rows', EVER, {
    headers: { Accept: 'application/x-json-stream' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  }),
  ask('no token', EVER, { as: 'nobody', status: 400, exceptionClass: 'ValueError' }),
];
