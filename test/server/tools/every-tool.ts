import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import { TOOLS, TOOL_NAMES, type ToolEntry, type ToolName } from '../../../lib/contract/tools';
import { DEFAULT_PAGE_TOKENS, MAX_ANSWER_TOKENS } from '../../../server/tools/results';
import type { RucioOnReal } from '../../support/rucio-on-real';
import { type RunToolOptions, runTool, toolFailure } from '../../support/run-tool';

const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';
const CONTAINER = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const DATASET = `${CONTAINER}.387612044`;

/** Calls of read tools that have an answer, and what must be in it. */
const READS: Partial<Record<ToolName, readonly [args: object, answer: object]>> = {
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

/** What is asked for, and how it is refused. */
const REFUSALS: readonly [tool: ToolName, args: object, code: string][] = [
  ['rucio_list_content', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_list_files', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_get_metadata', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_list_parent_dids', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_list_dataset_replicas', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_list_container_replicas', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_list_rule_history', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_get_dataset_locks', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_get_replication_rule', { rule_id: '../accounts/jdoe' }, 'BAD_RULE_ID'],
  ['rucio_get_replication_rule', { rule_id: 'f'.repeat(32) }, 'RULE_NOT_FOUND'],
  ['rucio_get_account', { account: '../ping' }, 'BAD_ARGUMENT'],
  ['rucio_get_account', { account: 'nobody' }, 'NOT_FOUND'],
  ['rucio_get_rse', { rse: '../accounts' }, 'BAD_ARGUMENT'],
  ['rucio_get_rse', { rse: 'CERN-PROD_DATADISC' }, 'RSE_NOT_FOUND'],
  ['rucio_get_rse_usage', { rse: 'NOSUCH' }, 'RSE_NOT_FOUND'],
  ['rucio_get_distance', { source: CERN, destination: 'NOSUCH' }, 'RSE_NOT_FOUND'],
  ['rucio_get_dataset_locks_by_rse', { rse: 'NOSUCH' }, 'RSE_NOT_FOUND'],
  ['rucio_list_rses', { rse_expression: 'tier=1&' }, 'RSE_EXPRESSION'],
  ['rucio_get_local_account_limits', { rse_expression: 'NOSUCH' }, 'RSE_NOT_FOUND'],
  [
    'rucio_list_requests',
    { src_rse: CERN, dst_rse: DESY, request_states: 'FAILD' },
    'BAD_ARGUMENT',
  ],
  ['rucio_list_subscription_rules', { account: 'jdoe', name: 'none' }, 'NOT_FOUND'],
  ['rucio_delete_rule', { rule_id: '../accounts/scratch1' }, 'BAD_RULE_ID'],
  ['rucio_delete_rule', { rule_id: 'f'.repeat(32) }, 'RULE_NOT_FOUND'],
  ['rucio_update_rule', { rule_id: 'f'.repeat(32), lifetime: 60 }, 'RULE_NOT_FOUND'],
];

/** Tests of every tool against a Rucio that has the seed of the demo; `start` signs in as root. */
export function testEveryTool(
  start: () => Promise<{ rucio: RucioOnReal; stop: () => Promise<void> }>,
): void {
  let rucio: RucioOnReal;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ rucio, stop } = await start());
  }, 90_000);
  afterAll(() => stop());

  const call = (name: ToolName, args: object, options: RunToolOptions = {}) =>
    runTool(name, args, rucio, { account: 'root', readOnly: false, ...options });

  test.each(Object.entries(READS) as [ToolName, [object, object]][])(
    '%s answers',
    async (name, [args, answer]) => {
      const result = await call(name, args);
      expect(result).toMatchObject(answer);
      expect(countTokens(JSON.stringify(result))).toBeLessThanOrEqual(
        'limit' in args ? MAX_ANSWER_TOKENS : DEFAULT_PAGE_TOKENS,
      );
    },
  );

  test.each(REFUSALS)('%s refuses %j', async (name, args, code) => {
    const error = await toolFailure(call(name, args));
    expect(error.code).toBe(code);
    expect(error.next).not.toBe('');
  });

  test.each([
    ['tier=1&', 'RSE_EXPRESSION', /wrong at character 8: an RSE name or attr=value is expected/],
    ['(tier=1', 'RSE_EXPRESSION', /wrong at character 1: a \) for this \( is expected/],
    ['CERN-PROD_DATADISC', 'RSE_NOT_FOUND', /alike: "CERN-PROD_DATADISK"/],
    ['tier=7|tier=8', 'RSE_NOT_FOUND', /"tier=7" matches no RSE; "tier=8" matches no RSE/],
    ['country=CH&country=DE', 'RSE_NOT_FOUND', /no RSE matches them together/],
    ['tier=0&NOSUCH', 'RSE_NOT_FOUND', /^[^;]*"NOSUCH" is no RSE\./m],
  ])('the RSE expression %s ends in %s with the part that is wrong', async (text, code, why) => {
    const error = await toolFailure(call('rucio_list_rses', { rse_expression: text }));
    expect(error.code).toBe(code);
    expect(error.publicMessage).toMatch(why);
  });

  test('an expression for new rules is explained as one for a list', async () => {
    const args = { dids: DATASET, rse_expression: 'DESY-HH_DATADISC' };
    const error = await toolFailure(call('rucio_plan_rule', args));
    expect(error.code).toBe('RSE_NOT_FOUND');
    expect(error.why).toContain('"DESY-HH_DATADISK"');
  });

  test('every read tool is called here, or has tests of its own', () => {
    const elsewhere = new Set<ToolName>(['rucio_token_info', 'rucio_voms_proxy_info']);
    const isOurs = (name: ToolName) => {
      const { access }: ToolEntry = TOOLS[name];
      return access === 'read' && !elsewhere.has(name);
    };
    const refused = REFUSALS.map(([name]) => name);
    const missing = TOOL_NAMES.filter(
      (name) => isOurs(name) && !Object.hasOwn(READS, name) && !refused.includes(name),
    );
    expect(missing).toEqual(COMPOSITES);
  });

  test('a rule is read with all that it has', async () => {
    const rules = await call('rucio_list_account_rules', { account: 'jdoe', state: 'STUCK' });
    const [row = []] = rules['rows'] as string[][];
    const id = row[(rules['columns'] as string[]).indexOf('id')] ?? '';
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase();
    expect(await call('rucio_get_replication_rule', { rule_id: dashed })).toMatchObject({
      id,
      account: 'jdoe',
      state: 'STUCK',
      more: { grouping: 'DATASET' },
    });
  });
}

/** Tested in a folder of their own. */
const COMPOSITES: readonly ToolName[] = [
  'rucio_describe_did',
  'rucio_locate_data',
  'rucio_find_missing_files',
  'rucio_explain_rule',
  'rucio_wait_for_rule',
  'rucio_plan_rule',
  'rucio_quota_overview',
  'rucio_describe_rse',
  'rucio_resolve_pfn',
  'rucio_match_subscriptions',
];
