import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import { TOOLS, TOOL_NAMES, type ToolEntry, type ToolName } from '../../../lib/contract/tools';
import { DEFAULT_PAGE_TOKENS, MAX_ANSWER_TOKENS } from '../../../server/tools/results';
import { isBefore } from '../../support/real-rucio/versions';
import type { RucioOnReal } from '../../support/rucio-on-real';
import { type RunToolOptions, runTool, toolFailure } from '../../support/run-tool';
import { CERN, CONTAINER, DATASET, DESY, FIRST_RELEASES, READ_CALLS } from './read-calls';

const STUCK =
  'mc20_13TeV:mc20_13TeV.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907_r13145_p5855';
const PATH = '/dq2/datadisk/rucio/user/jdoe/38/9a/user.jdoe.38761204._000001.tree.root';

/** Of an answer about one thing, which is no list. */
const ONE_THING_TOKENS = 350;

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

export interface StartedRucio {
  /** Signed in as root. */
  readonly rucio: RucioOnReal;
  /** As its `/ping` tells it. */
  readonly version: string;
  readonly stop: () => Promise<void>;
}

/** Tests of every tool against a Rucio that has the seed of the demo. */
export function testEveryTool(start: () => Promise<StartedRucio>): void {
  let rucio: RucioOnReal;
  let version: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ rucio, version, stop } = await start());
  }, 90_000);
  afterAll(() => stop());

  const call = (name: ToolName, args: object, options: RunToolOptions = {}) =>
    runTool(name, args, rucio, { account: 'root', readOnly: false, ...options });

  test.each(Object.entries(READ_CALLS) as [ToolName, [object, object]][])(
    '%s answers',
    async (name, [args, answer]) => {
      const first = FIRST_RELEASES[name];
      if (first !== undefined && isBefore(version, first)) {
        const error = await toolFailure(call(name, args));
        expect(error.code).toBe('RUCIO_REFUSED');
        expect(error.why).toContain(`since version ${first}`);
        return;
      }
      const result = await call(name, args);
      expect(result).toMatchObject(answer);
      const ofPage = 'limit' in args ? MAX_ANSWER_TOKENS : DEFAULT_PAGE_TOKENS;
      expect(countTokens(JSON.stringify(result))).toBeLessThanOrEqual(
        'next_offset' in result ? ofPage : ONE_THING_TOKENS,
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
      (name) => isOurs(name) && !Object.hasOwn(READ_CALLS, name) && !refused.includes(name),
    );
    expect(missing).toEqual(COMPOSITE_CALLS.map(([name]) => name));
  });

  test.each(COMPOSITE_CALLS)('%s answers within its budget', async (name, args) => {
    // A sealed plan is as long as it is, whatever is in it.
    const { plan: _plan, ...answer } = await call(name, args);
    expect(countTokens(JSON.stringify(answer))).toBeLessThanOrEqual(COMPOSITE_TOKENS);
  });

  test('a rule is read with all that it has', async () => {
    const rules = await call('rucio_list_account_rules', { account: 'jdoe', state: 'STUCK' });
    const [row = []] = rules['rows'] as string[][];
    const id = row[(rules['columns'] as string[]).indexOf('id')] ?? '';
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase();
    const rule = await call('rucio_get_replication_rule', { rule_id: dashed });
    const more = { grouping: 'DATASET' };
    expect(rule).toMatchObject({ id, account: 'jdoe', state: 'STUCK', more });
    expect(countTokens(JSON.stringify(rule))).toBeLessThanOrEqual(ONE_THING_TOKENS);
  });
}

/** Of an answer that several calls to Rucio were put together to. */
const COMPOSITE_TOKENS = 600;
/** The composite tools, asked about what the seed has most of; their tests are in a folder of their own. */
const COMPOSITE_CALLS: readonly (readonly [ToolName, object])[] = [
  ['rucio_describe_did', { did: CONTAINER }],
  ['rucio_locate_data', { did: CONTAINER }],
  ['rucio_find_missing_files', { did: 'archive:calibration' }],
  ['rucio_explain_rule', { rule_id: STUCK }],
  ['rucio_wait_for_rule', { rule_id: CONTAINER, max_seconds: 0 }],
  ['rucio_plan_rule', { dids: CONTAINER, rse_expression: '*', account: 'prodsys' }],
  ['rucio_quota_overview', { account: 'jdoe', did: CONTAINER }],
  ['rucio_describe_rse', { rse: CERN }],
  ['rucio_resolve_pfn', { pfn: PATH }],
  ['rucio_match_subscriptions', { did: CONTAINER }],
];
