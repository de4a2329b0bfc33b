import { rfc1123 } from './python-date';
import { type Json, pythonJson } from './python-json';
import type { SeedSubscription } from './seed-policies';
import { stableId } from './store';

export function subscriptionId(account: string, name: string): string {
  return stableId('subscription', account, name);
}

/** A subscription as Rucio shows it: its filter and rules are texts. */
export function subscriptionRow(subscription: SeedSubscription, createdAt: number): Json {
  const { account, name, filter, replicationRules, comments, priority } = subscription;
  const date = rfc1123(createdAt);
  return {
    id: subscriptionId(account, name),
    name,
    account,
    state: 'ACTIVE',
    policyid: priority,
    filter: pythonJson(filter),
    replication_rules: pythonJson(replicationRules),
    comments,
    lifetime: null,
    last_processed: date,
    expired_at: null,
    retroactive: false,
    created_at: date,
    updated_at: date,
  };
}
