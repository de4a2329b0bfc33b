import type { ContractCall } from './call';
import { DATASET_CALLS, LOCK_CALLS } from './dataset-calls';
import { DID_CALLS } from './did-calls';
import { DID_METADATA_CALLS } from './did-metadata-calls';
import { OIDC_CALLS } from './oidc-calls';
import { QUOTA_CALLS } from './quota-calls';
import { ADDRESS_CALLS, REPLICA_CALLS, REPLICA_REFUSALS } from './replica-calls';
import { REQUEST_CALLS } from './request-calls';
import { RSE_DETAIL_CALLS } from './rse-detail-calls';
import { RULE_CALLS } from './rule-calls';
import { ONE_RULE_CALLS, RULE_LIST_CALLS } from './rule-list-calls';
import { FILTER_CALLS, SEARCH_CALLS } from './search-calls';
import { ACCOUNT_CALLS, RSE_CALLS, SERVICE_CALLS } from './service-calls';
import { SUBSCRIPTION_CALLS } from './subscription-calls';
import { SUSPICIOUS_CALLS } from './suspicious-calls';

/** The whole contract, by subject. */
export const ALL_CALLS: Readonly<Record<string, readonly ContractCall[]>> = {
  'service and sign-in': SERVICE_CALLS,
  'sign-in at an identity provider': OIDC_CALLS,
  accounts: ACCOUNT_CALLS,
  'quotas and usage': QUOTA_CALLS,
  'storage elements': RSE_CALLS,
  'space and protocols': RSE_DETAIL_CALLS,
  'search for DIDs': SEARCH_CALLS,
  'filters of a search': FILTER_CALLS,
  'a DID': DID_CALLS,
  metadata: DID_METADATA_CALLS,
  rules: RULE_CALLS,
  'lists of rules': RULE_LIST_CALLS,
  'one rule': ONE_RULE_CALLS,
  replicas: REPLICA_CALLS,
  'addresses of replicas': ADDRESS_CALLS,
  'refused lists of replicas': REPLICA_REFUSALS,
  'suspicious replicas': SUSPICIOUS_CALLS,
  'copies of datasets': DATASET_CALLS,
  'locks of datasets': LOCK_CALLS,
  transfers: REQUEST_CALLS,
  subscriptions: SUBSCRIPTION_CALLS,
};
