import { type ContractCall, segment } from './call';

const DATA = 'data22-physics-to-tier1';
const SPACES = segment('ttbar samples to DESY');
const NOT_FOUND = { status: 404, exceptionClass: 'SubscriptionNotFound' } as const;

/** Subscriptions. */
export const SUBSCRIPTION_CALLS: readonly ContractCall[] = [
  { title: 'subscriptions', path: '/subscriptions/', as: 'jdoe', status: 200, rows: 2 },
  { title: 'subscriptions without the slash', path: '/subscriptions', status: 308 },
  { title: 'subscriptions of an account', path: '/subscriptions/prodsys', status: 200, rows: 1 },
  { title: 'subscriptions of an account without any', path: '/subscriptions/robot', ...NOT_FOUND },
  { title: 'subscriptions of an unknown account', path: '/subscriptions/nope', ...NOT_FOUND },
  { title: 'a subscription', path: `/subscriptions/prodsys/${DATA}`, status: 200, rows: 1 },
  {
    title: 'a subscription with spaces',
    path: `/subscriptions/jdoe/${SPACES}`,
    status: 200,
    rows: 1,
  },
  { title: 'a subscription of somebody else', path: `/subscriptions/jdoe/${DATA}`, ...NOT_FOUND },
  {
    title: 'a subscription by its name',
    path: `/subscriptions/name/${SPACES}`,
    status: 200,
    rows: 1,
  },
  { title: 'a subscription by an unknown name', path: '/subscriptions/name/x', ...NOT_FOUND },
  {
    title: 'rules of a subscription',
    path: `/subscriptions/prodsys/${DATA}/rules`,
    status: 200,
    rows: 1,
  },
  {
    title: 'rules of a subscription in a state',
    path: `/subscriptions/prodsys/${DATA}/rules?state=O`,
    status: 200,
    rows: 0,
  },
  {
    title: 'rules of a subscription in a state in words',
    path: `/subscriptions/prodsys/${DATA}/rules?state=OK`,
    status: 500,
  },
  {
    title: 'rules of a subscription without any',
    path: `/subscriptions/jdoe/${SPACES}/rules`,
    status: 200,
    rows: 0,
  },
  { title: 'rules of an unknown subscription', path: '/subscriptions/jdoe/x/rules', ...NOT_FOUND },
  {
    title: 'a subscription by what is no identifier',
    path: '/subscriptions/id/zzz',
    status: 500,
    exceptionClass: 'RucioException',
  },
  {
    title: 'a subscription by an unknown identifier',
    path: '/subscriptions/id/00000000000000000000000000000000',
    ...NOT_FOUND,
  },
];
