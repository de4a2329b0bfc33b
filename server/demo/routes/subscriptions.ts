import { type Answer, CONTENT_TYPES, document, stream } from '../answer';
import { RucioFailure } from '../failure';
import type { DemoRequest, Route } from '../router';
import { parseRuleFilters } from '../rule-filters';
import { listedRule } from '../rule-row';
import type { SeedSubscription } from '../seed-policies';
import { subscriptionId, subscriptionRow } from '../subscription-row';

/** @throws {RucioFailure} 404 SubscriptionNotFound, which is how Rucio says that there is none */
function matching({ params, store }: DemoRequest): readonly SeedSubscription[] {
  const { account, name } = params;
  const found = store.seed.subscriptions.filter(
    (subscription) =>
      (account === undefined || subscription.account === account) &&
      (name === undefined || subscription.name === name),
  );
  if (found.length > 0) return found;
  throw new RucioFailure(
    404,
    'SubscriptionNotFound',
    `Subscription for account '${account ?? '*'}' named '${name ?? 'None'}' not found`,
  );
}

function list(request: DemoRequest): Answer {
  const { createdAt } = request.store;
  return stream(matching(request).map((each) => subscriptionRow(each, createdAt)));
}

function byId({ params, store }: DemoRequest): Answer {
  const written = params['subscription_id'] ?? '';
  const id = written.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new RucioFailure(500, 'RucioException', `Badly formatted subscription id (${written})`);
  }
  const found = store.seed.subscriptions.find(
    ({ account, name }) => subscriptionId(account, name) === id,
  );
  if (found !== undefined) return document(subscriptionRow(found, store.createdAt));
  throw new RucioFailure(
    404,
    'SubscriptionNotFound',
    `No subscription with the id ${written} found`,
  );
}

/** The rules that a subscription has made. */
function rules(request: DemoRequest): Answer {
  const { query, store } = request;
  const [subscription] = matching(request);
  if (subscription === undefined) return stream([]);
  const filters = new URLSearchParams();
  filters.set('subscription_id', subscriptionId(subscription.account, subscription.name));
  const state = query.get('state') ?? '';
  if (state !== '') filters.set('state', state);
  const wanted = parseRuleFilters(filters);
  return stream(store.rules.filter(wanted).map((rule) => listedRule(rule)));
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const subscriptionRoutes: readonly Route[] = [
  { ...json, path: '/subscriptions/id/<subscription_id>', handle: byId },
  { ...rows, path: '/subscriptions/name/<name>', handle: list },
  { ...rows, path: '/subscriptions/', handle: list },
  { ...rows, path: '/subscriptions/<account>', handle: list },
  { ...rows, path: '/subscriptions/<account>/<name>', handle: list },
  { ...rows, path: '/subscriptions/<account>/<name>/rules', handle: rules },
];
