import type { ToolName } from '../../lib/contract/tools';

/** An account of the demo Rucio. */
export type ExampleAccount = 'jdoe' | 'prodsys' | 'root';

/** Runs a tool as an account and hands over its answer. */
export type CallTool = (
  name: ToolName,
  args: Record<string, unknown>,
  account?: ExampleAccount,
) => Promise<Record<string, unknown>>;

export interface Example {
  readonly args: Record<string, unknown> | ((call: CallTool) => Promise<Record<string, unknown>>);
  /** @default 'jdoe' */
  readonly account?: ExampleAccount;
}

const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';
const CONTAINER = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const DATASET = `${CONTAINER}.387612044`;
const WEEK = 604_800;

/** The id of a rule that a search finds first. */
const ruleOf = (search: Record<string, unknown>) => async (call: CallTool) => {
  const { columns, rows } = await call('rucio_list_replication_rules', search, 'root');
  const at = (columns as string[]).indexOf('id');
  return { rule_id: String((rows as unknown[][])[0]?.[at]) };
};

/** A new rule to change, which no other example has touched. */
const newRule =
  (rse_expression: string, more: object = {}) =>
  async (call: CallTool) => {
    const args = { dids: DATASET, rse_expression, lifetime: WEEK, account: 'prodsys', ...more };
    const { rows } = await call('rucio_add_rule', args, 'root');
    return { rule_id: String((rows as unknown[][])[0]?.[1]) };
  };

/** One call of each tool; the docs show them with the demo's answers. */
export const EXAMPLES: Readonly<Partial<Record<ToolName, Example>>> = {
  rucio_whoami: { args: {} },
  rucio_list_dids: { args: { did_pattern: 'mc20_13TeV:*700320*DAOD_PHYS*', limit: 2 } },
  rucio_describe_did: { args: { did: DATASET } },
  rucio_list_content: { args: { did: CONTAINER } },
  rucio_list_files: { args: { did: DATASET, limit: 2 } },
  rucio_locate_data: { args: { did: CONTAINER } },
  rucio_list_replicas: { args: { dids: DATASET, protocols: 'root', limit: 1 } },
  rucio_find_missing_files: { args: { did: CONTAINER, limit: 3 } },
  rucio_list_account_rules: { args: { state: 'STUCK' } },
  rucio_explain_rule: { args: ruleOf({ account: 'jdoe', state: 'STUCK' }) },
  rucio_wait_for_rule: { args: ruleOf({ account: 'prodsys', state: 'OK' }) },
  rucio_plan_rule: { args: { dids: DATASET, rse_expression: CERN, lifetime: WEEK } },
  rucio_quota_overview: { args: {} },
  rucio_list_rses: { args: { rse_expression: 'rse_type=DISK', limit: 2 } },
  rucio_describe_rse: { args: { rse: CERN } },
  rucio_get_did: { args: { did: DATASET } },
  rucio_get_metadata: { args: { did: DATASET } },
  rucio_list_parent_dids: { args: { did: DATASET } },
  rucio_list_scopes: { args: { pattern: 'mc*' } },
  rucio_list_scopes_for_account: { args: {} },
  rucio_list_dataset_replicas: { args: { did: DATASET, deep: true } },
  rucio_list_container_replicas: { args: { did: CONTAINER, deep: true } },
  rucio_resolve_pfn: {
    args: async (call) => {
      const { columns, rows } = await call('rucio_list_replicas', { dids: DATASET, limit: 1 });
      const at = (columns as string[]).indexOf('pfn');
      return { pfn: String((rows as unknown[][])[0]?.[at]) };
    },
  },
  rucio_list_did_rules: { args: { did: CONTAINER } },
  rucio_list_replication_rules: { args: { state: 'STUCK', limit: 1 } },
  rucio_get_replication_rule: { args: ruleOf({ account: 'jdoe', state: 'STUCK' }) },
  rucio_list_rule_history: { args: { did: CONTAINER } },
  rucio_get_dataset_locks: { args: { did: DATASET } },
  rucio_get_rse: { args: { rse: CERN } },
  rucio_list_rse_attributes: { args: { rse: CERN } },
  rucio_get_rse_usage: { args: { rse: CERN } },
  rucio_get_rse_limits: { args: { rse: CERN } },
  rucio_get_rse_protocols: { args: { rse: CERN } },
  rucio_get_distance: { args: { source: CERN, destination: DESY } },
  rucio_get_dataset_locks_by_rse: { args: { rse: DESY, limit: 1 } },
  rucio_list_accounts: { args: { account_type: 'USER' } },
  rucio_get_account: { args: {} },
  rucio_get_local_account_usage: { args: { rse: DESY } },
  rucio_get_local_account_limits: { args: { rse_expression: 'tier=2' } },
  rucio_list_requests: {
    args: { src_rse: CERN, dst_rse: DESY, request_states: 'SUBMITTED,FAILED', limit: 2 },
    account: 'root',
  },
  rucio_list_requests_history: {
    args: { src_rse: CERN, dst_rse: DESY, request_states: 'DONE', limit: 2 },
    account: 'root',
  },
  rucio_list_transfer_limits: { args: {}, account: 'root' },
  rucio_list_subscriptions: { args: { limit: 1 } },
  rucio_list_subscription_rules: {
    args: async (call) => {
      const { rows } = await call('rucio_list_subscriptions', {});
      const [name, account] = (rows as string[][])[0] ?? [];
      return { account, name, limit: 1 };
    },
  },
  rucio_match_subscriptions: { args: { did: DATASET } },
  rucio_ping: { args: {} },
  rucio_token_info: { args: {} },
  rucio_voms_proxy_info: { args: {} },
  rucio_add_rule: {
    args: { dids: DATASET, rse_expression: CERN, lifetime: WEEK, comment: 'for the thesis' },
    account: 'prodsys',
  },
  rucio_update_rule: {
    args: async (call) => ({
      ...(await newRule('tier=0&type=DATADISK')(call)),
      lifetime: 2 * WEEK,
    }),
    account: 'root',
  },
  rucio_delete_rule: { args: newRule('country=CH&type=DATADISK'), account: 'root' },
  rucio_reduce_rule: {
    args: async (call) => {
      const { columns, rows } = await call(
        'rucio_list_account_rules',
        { account: 'prodsys', state: 'OK', limit: 1000 },
        'root',
      );
      const at = (name: string) => (columns as string[]).indexOf(name);
      const two = (rows as unknown[][]).find((row) => row[at('copies')] === 2);
      return { rule_id: two?.[at('id')], copies: 1 };
    },
    account: 'root',
  },
  rucio_move_rule: {
    args: async (call) => ({
      ...(await newRule('site=CERN-PROD&type=DATADISK')(call)),
      rse_expression: 'BNL-OSG2_DATADISK',
    }),
    account: 'root',
  },
  rucio_approve_rule: {
    args: newRule('cloud=CERN&type=DATADISK', { ask_approval: true }),
    account: 'root',
  },
  rucio_deny_rule: {
    args: async (call) => ({
      ...(await newRule('BNL-OSG2_DATADISK', { ask_approval: true })(call)),
      reason: 'no space',
    }),
    account: 'root',
  },
};
