import type { ValuesInput } from '../../lib/contract/values/values';
import { ROOT_ACCOUNT, SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import { FIRST_RELEASES, READ_CALLS } from '../server/tools/read-calls';
import { eventually } from '../support/eventually';
import { type RealRucio, startRealRucio } from '../support/real-rucio/start-real-rucio';
import { isBefore } from '../support/real-rucio/versions';
import { type DemoPod, readyDemoPod } from './demo-pod';
import { CLIENTS, type McpClient } from './mcp-clients';

type Answer = Record<string, unknown>;

const CERN = 'CERN-PROD_DATADISK';
const BNL = 'BNL-OSG2_DATADISK';
const CONTAINER = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const DATASET = `${CONTAINER}.387612044`;
const SLASHES = 'user.jdoe:analysis/2026/higgs/limits_v2';
const DAY = 86_400;
/** Has no quota limit; root may make rules for it. */
const OWNER = 'prodsys';

/** What composite tools are asked, and what must be in their answers. */
const COMPOSITE_CALLS: readonly (readonly [tool: string, args: Answer, answer: object])[] = [
  ['rucio_describe_did', { did: CONTAINER }, { did: CONTAINER, type: 'CONTAINER' }],
  ['rucio_locate_data', { did: DATASET }, {}],
  ['rucio_find_missing_files', { did: CONTAINER, rse_expression: CERN }, {}],
  ['rucio_plan_rule', { dids: DATASET, rse_expression: BNL, lifetime: DAY }, {}],
  ['rucio_quota_overview', { account: 'jdoe' }, { account: 'jdoe' }],
  ['rucio_describe_rse', { rse: CERN }, { rse: CERN }],
  ['rucio_match_subscriptions', { did: CONTAINER }, {}],
  ['rucio_get_did', { did: SLASHES }, { did: SLASHES, files: 4 }],
  ['rucio_list_files', { did: SLASHES }, { total: 4 }],
];

/** What is refused, and with which code: versions differ in status and class. */
const REFUSALS: readonly (readonly [tool: string, args: Answer, code: string])[] = [
  ['rucio_get_did', { did: 'user.jdoe:no.such' }, 'DID_NOT_FOUND'],
  ['rucio_get_account', { account: 'nobody' }, 'NOT_FOUND'],
  ['rucio_get_local_account_limits', { account: 'nobody' }, 'NOT_FOUND'],
  ['rucio_get_local_account_usage', { account: 'nobody' }, 'NOT_FOUND'],
  ['rucio_quota_overview', { account: 'nobody' }, 'NOT_FOUND'],
  [
    'rucio_add_rule',
    { account: 'nobody', dids: DATASET, rse_expression: BNL, lifetime: DAY },
    'NOT_FOUND',
  ],
  ['rucio_get_rse_usage', { rse: 'NOSUCH' }, 'RSE_NOT_FOUND'],
  ['rucio_list_rses', { rse_expression: 'tier=1&' }, 'RSE_EXPRESSION'],
  ['rucio_get_replication_rule', { rule_id: 'f'.repeat(32) }, 'RULE_NOT_FOUND'],
  ['rucio_list_subscription_rules', { account: 'jdoe', name: 'none' }, 'NOT_FOUND'],
];

/** Defines tests of every read tool and of a rule's life, by a pod in front of one version of Rucio. */
export function testsOfAVersion(directory: string): void {
  let rucio: RealRucio;
  let demo: DemoPod;
  let client: McpClient;

  beforeAll(async () => {
    rucio = await startRealRucio(directory);
    const root = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(ROOT_ACCOUNT))!;
    const values = ({ auth, ...others }: ValuesInput): ValuesInput => ({
      ...others,
      readOnly: false,
      auth: { ...auth, sharedSecret: { ...auth?.sharedSecret, rucioAccount: ROOT_ACCOUNT } },
    });
    const robot = { username: root.username, password: root.password };
    demo = await readyDemoPod({
      rucioUrl: rucio.url,
      values,
      secrets: { 'rucio-mcp-robot': robot },
    });
    const [, , connect] = CLIENTS[1]!;
    client = await connect(demo.endpoint, demo.bearer);
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await demo.pod.stop();
    await rucio.stop();
  }, 60_000);

  async function answer(tool: string, args: Answer): Promise<Answer> {
    const { isError, structured, text } = await client.callTool(tool, args);
    expect({ isError, text }).toEqual({ isError: false, text: JSON.stringify(structured) });
    return structured as Answer;
  }
  async function refusal(tool: string, args: Answer): Promise<string> {
    const { isError, text } = await client.callTool(tool, args);
    expect(isError).toBe(true);
    return text;
  }
  /** Of a change that asks for consent first. */
  async function consented(tool: string, args: Answer): Promise<Answer> {
    const { confirm } = await answer(tool, args);
    return answer(tool, { ...args, confirm });
  }
  async function newRule(args: Answer): Promise<string> {
    const { changed, rows } = await answer('rucio_add_rule', {
      account: OWNER,
      lifetime: DAY,
      ...args,
    });
    expect(changed).toBe(true);
    return (rows as string[][])[0]?.[1] ?? '';
  }

  test('the log tells the version', async () => {
    await eventually(() => demo.pod.output.includes(`"rucio":"${rucio.version}"`));
    expect(demo.pod.output).toContain('the version of Rucio is supported');
  });

  const calls = Object.entries(READ_CALLS) as [keyof typeof READ_CALLS, [Answer, object]][];
  test.each(calls)('%s', async (tool, [args, expected]) => {
    const first = FIRST_RELEASES[tool];
    if (first !== undefined && isBefore(rucio.version, first)) {
      const text = await refusal(tool, args);
      expect(text).toMatch(/^\[RUCIO_REFUSED\]/);
      expect(text).toContain(`Rucio has it since version ${first}`);
    } else expect(await answer(tool, args)).toMatchObject(expected);
  });

  test.each(COMPOSITE_CALLS)('%s %j', async (tool, args, expected) => {
    expect(await answer(tool, args)).toMatchObject(expected);
  });

  test.each(REFUSALS)('%s refuses %j', async (tool, args, code) => {
    expect(await refusal(tool, args)).toMatch(new RegExp(`^\\[${code}\\]`));
  });

  test('a stuck rule is explained', async () => {
    const stuck = { account: 'jdoe', state: 'STUCK' };
    const { columns, rows } = await answer('rucio_list_account_rules', stuck);
    const id = (rows as string[][])[0]?.[(columns as string[]).indexOf('id')];
    expect(await answer('rucio_explain_rule', { rule_id: id })).toMatchObject({ state: 'STUCK' });
  });

  test('a URL is resolved to its DID', async () => {
    const { columns, rows } = await answer('rucio_list_replicas', { dids: DATASET });
    const pfn = (rows as string[][])[0]?.[(columns as string[]).indexOf('pfn')];
    expect(JSON.stringify(await answer('rucio_resolve_pfn', { pfn }))).toContain('user.jdoe');
  });

  test('a rule is made once, changed, moved and deleted', async () => {
    const wish = { dids: DATASET, rse_expression: BNL, comment: 'a walk' };
    const rule_id = await newRule(wish);
    const again = await answer('rucio_add_rule', { account: OWNER, lifetime: DAY, ...wish });
    expect(again).toMatchObject({ changed: false });
    const change = { rule_id, lifetime: -1, comment: 'kept', locked: false };
    expect(await answer('rucio_update_rule', change)).toMatchObject({
      changed: true,
      expires_at: null,
      comment: 'kept',
    });
    const move = { rule_id, rse_expression: `${BNL}&type=DATADISK` };
    const { new_rule_id } = await consented('rucio_move_rule', move);
    expect(await answer('rucio_get_replication_rule', { rule_id: new_rule_id })).toMatchObject({
      id: new_rule_id,
      rse_expression: move.rse_expression,
      account: OWNER,
    });
    const gone = await consented('rucio_delete_rule', { rule_id: new_rule_id });
    expect(gone).toMatchObject({ changed: true, expires_at: expect.any(String) as unknown });
  });

  test('rules are reduced, approved and denied', async () => {
    const list = { account: 'prodsys', state: 'OK', limit: 1000 };
    const { columns, rows } = await answer('rucio_list_account_rules', list);
    const at = (name: string) => (columns as string[]).indexOf(name);
    const two = (rows as unknown[][]).find((row) => row[at('copies')] === 2);
    const reduce = { rule_id: two?.[at('id')], copies: 1 };
    expect(await consented('rucio_reduce_rule', reduce)).toMatchObject({ changed: true });
    const ask = { dids: DATASET, ask_approval: true };
    const first = await newRule({ ...ask, rse_expression: 'tier=0&type=DATADISK' });
    const second = await newRule({ ...ask, rse_expression: 'country=CH&type=DATADISK' });
    expect(await answer('rucio_approve_rule', { rule_id: first })).toMatchObject({
      changed: true,
      state: 'INJECT',
    });
    const deny = { rule_id: second, reason: 'no space' };
    expect(await consented('rucio_deny_rule', deny)).toMatchObject({ changed: true });
  });
}
