import type { ToolName } from '../../../lib/contract/tools';
import { TRANSFER_LIMITS_SINCE } from '../../support/real-rucio/seed-for-version';

export const CERN = 'CERN-PROD_DATADISK';
export const DESY = 'DESY-HH_DATADISK';
export const CONTAINER = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
export const DATASET = `${CONTAINER}.387612044`;

/**
 * Calls of read tools that have an answer in the data of the demo, and what must be in it for root.
 */
export const READ_CALLS: Partial<Record<ToolName, readonly [args: object, answer: object]>> = {
  rucio_ping: [{}, { server_version: expect.any(String) as unknown }],
  rucio_whoami: [{}, { account: 'root', type: 'SERVICE', writes_allowed: true }],
  rucio_list_content: [{ did: CONTAINER }, { of: CONTAINER, columns: ['name', 'type', 'bytes'] }],
  rucio_list_files: [
    { did: DATASET, long: true, limit: 2 },
    { total: 8, next_offset: 2, total_bytes: expect.any(Number) as unknown },
  ],
  rucio_get_did: [{ did: `\`${CONTAINER}/\`` }, { did: CONTAINER, type: 'CONTAINER' }],
  rucio_get_metadata: [
    { did: DATASET },
    { metadata: expect.objectContaining({ did_type: 'DATASET', account: 'jdoe' }) as unknown },
  ],
  rucio_list_parent_dids: [
    { did: DATASET },
    { of: DATASET, rows: [[CONTAINER.split(':')[1], 'CONTAINER']], total: 1 },
  ],
  rucio_list_scopes: [{ pattern: 'u*.jd?e' }, { rows: [['user.jdoe']], total: 1 }],
  rucio_list_scopes_for_account: [{ account: 'jdoe' }, { rows: [['user.jdoe']] }],
  rucio_list_dataset_replicas: [
    { did: DATASET, deep: true },
    { did: DATASET, total: 1 },
  ],
  rucio_list_container_replicas: [
    { did: CONTAINER, deep: true },
    { container: CONTAINER, columns: expect.arrayContaining(['name', 'rse']) as unknown },
  ],
  rucio_list_replicas: [{ dids: DATASET }, { total: 8 }],
  rucio_list_dids: [{ did_pattern: `${CONTAINER}*` }, { scope: 'user.jdoe' }],
  rucio_list_did_rules: [{ did: CONTAINER }, { did: CONTAINER }],
  rucio_list_replication_rules: [
    { account: 'jd*', scope: 'mc*', state: 'stuck' },
    { total: 1, columns: expect.arrayContaining(['account', 'state']) as unknown },
  ],
  rucio_list_account_rules: [
    { account: 'jdoe', summary: true },
    { account: 'jdoe', columns: ['rse_expression', 'state', 'rules', 'bytes'] },
  ],
  rucio_list_rule_history: [{ did: CONTAINER }, { did: CONTAINER }],
  rucio_get_dataset_locks: [{ did: DATASET }, { did: DATASET, total: 1 }],
  rucio_list_rses: [
    { rse_expression: 'country=CH&rse_type=DISK' },
    { rows: [[CERN, 'DISK', 'CERN-PROD', 'CH', '0', true, true]], total: 1 },
  ],
  rucio_get_rse: [{ rse: CERN.toLowerCase() }, { rse: CERN, type: 'DISK', readable: true }],
  rucio_list_rse_attributes: [
    { rse: CERN },
    { rse: CERN, attributes: expect.objectContaining({ country: 'CH', tier: '0' }) as unknown },
  ],
  rucio_get_rse_usage: [
    { rse: CERN, per_account: true },
    { rse: CERN, columns: ['source', 'used', 'free', 'total', 'files', 'updated_at'] },
  ],
  rucio_get_rse_limits: [{ rse: CERN }, { rse: CERN }],
  rucio_get_rse_protocols: [{ rse: CERN }, { rse: CERN, total: 2 }],
  rucio_get_distance: [
    { source: CERN.toLowerCase(), destination: DESY },
    { source: CERN, destination: DESY },
  ],
  rucio_get_dataset_locks_by_rse: [{ rse: DESY }, { rse: DESY }],
  rucio_list_accounts: [
    { account_type: 'service' },
    { rows: expect.arrayContaining([['robot', 'SERVICE', expect.any(String)]]) as unknown },
  ],
  rucio_get_account: [{ account: 'jdoe' }, { account: 'jdoe', type: 'USER', status: 'ACTIVE' }],
  rucio_get_local_account_usage: [
    { account: 'jdoe', rse: DESY },
    {
      account: 'jdoe',
      rows: [[DESY, expect.any(Number), expect.any(Number), 2e13, expect.any(Number)]],
    },
  ],
  rucio_get_local_account_limits: [
    { account: 'prodsys', rse_expression: CERN },
    { account: 'prodsys', rows: [[CERN, 'unlimited']], total: 1 },
  ],
  rucio_list_requests: [
    { src_rse: CERN, dst_rse: DESY, request_states: 'submission_failed F' },
    { rows: [], total: 0 },
  ],
  rucio_list_requests_history: [
    { src_rse: CERN, dst_rse: DESY, request_states: 'DONE', offset: 0, limit: 5 },
    { next_offset: null },
  ],
  rucio_list_transfer_limits: [
    {},
    { columns: expect.arrayContaining(['max_transfers']) as unknown },
  ],
  rucio_list_subscriptions: [{}, { columns: expect.arrayContaining(['filter']) as unknown }],
};

/** The first release of Rucio with which a tool has an answer; what is not here has one with all. */
export const FIRST_RELEASES: Partial<Record<ToolName, string>> = {
  rucio_list_transfer_limits: TRANSFER_LIMITS_SINCE,
};
