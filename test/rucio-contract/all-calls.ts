import type { ContractCall } from './call';
import { DID_CALLS } from './did-calls';
import { DID_METADATA_CALLS } from './did-metadata-calls';
import { ADDRESS_CALLS, REPLICA_CALLS, REPLICA_REFUSALS } from './replica-calls';
import { RULE_CALLS } from './rule-calls';
import { ONE_RULE_CALLS, RULE_LIST_CALLS } from './rule-list-calls';
import { FILTER_CALLS, SEARCH_CALLS } from './search-calls';
import { ACCOUNT_CALLS, RSE_CALLS, SERVICE_CALLS } from './service-calls';

/** The whole contract, by subject. */
export const ALL_CALLS: Readonly<Record<string, readonly ContractCall[]>> = {
  'service and sign-in': SERVICE_CALLS,
  accounts: ACCOUNT_CALLS,
  'storage elements': RSE_CALLS,
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
};
