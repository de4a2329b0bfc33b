import { join } from 'node:path';

import type { ToolName } from '../../../lib/contract/tools';
import type { RucioOperation } from '../../../server/rucio/operations';
import { tokenFor } from '../../rucio-contract/answer';
import { rucioPaths } from '../../support/real-rucio/configuration';
import { runCommand } from '../../support/real-rucio/run-command';
import {
  type RealRucio,
  readManifest,
  startRealRucio,
} from '../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../support/requirements';
import { type RucioOnReal, rucioOnReal } from '../../support/rucio-on-real';
import { runTool, toolFailure } from '../../support/run-tool';

const SCOPE = 'user.jdoe';
const DATASET = 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612044';
const CERN = 'CERN-PROD_DATADISK';
const RULE = 'f'.repeat(32);

const text = (part: string) => expect.stringContaining(part) as unknown;

/** Names that Rucio has after all, under policies that are less strict than the generic one. */
const NAMES = [
  '/store/data/Run3/AOD#b7c1-4f',
  '100%_of_it%2Fall',
  'a+b',
  'with space',
  'ünï/cödé_数据',
  'x?y=1&z=2',
  "it's;here",
  'ends/in/rules',
] as const;
/** Tools that ask for one DID by its name. */
const BY_NAME: readonly ToolName[] = [
  'rucio_get_did',
  'rucio_get_metadata',
  'rucio_list_content',
  'rucio_list_files',
  'rucio_list_did_rules',
  'rucio_describe_did',
  'rucio_locate_data',
  'rucio_find_missing_files',
  'rucio_match_subscriptions',
];
/** The same, whose answer may be about a DID that has nothing. */
const BY_NAME_OR_NOTHING: readonly ToolName[] = [
  'rucio_list_parent_dids',
  'rucio_list_rule_history',
  'rucio_list_dataset_replicas',
  'rucio_get_dataset_locks',
];

describeWith('real-rucio', 'bad input and trouble at a real Rucio', (directory) => {
  let real: RealRucio;
  let rucio: RucioOnReal;
  let token: string;
  let operations: RucioOperation[];

  beforeAll(async () => {
    real = await startRealRucio(directory);
    const { python } = await readManifest(directory);
    const { database } = rucioPaths(real.directory);
    const script = join(__dirname, 'add-names.py');
    const args = [database, SCOPE, DATASET, JSON.stringify(NAMES)];
    await runCommand(python, ['-S', script, ...args]);
    const onRequest = (operation: RucioOperation) => operations.push(operation);
    operations = [];
    rucio = await rucioOnReal(real, 'jdoe', { onRequest });
    token = await tokenFor(real.url, 'root');
  }, 90_000);
  afterAll(async () => {
    await rucio.close();
    await real.stop();
  });
  beforeEach(() => {
    operations = [];
  });

  const run = (name: ToolName, args: object) =>
    runTool(name, args, rucio, { account: 'jdoe', readOnly: false });
  const failure = (name: ToolName, args: object) => toolFailure(run(name, args));

  async function post(path: string, body: string): Promise<string> {
    const headers = { 'X-Rucio-Auth-Token': token };
    const response = await fetch(`${real.url}${path}`, { method: 'POST', headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }

  describe.each(NAMES)('the name %s', (name) => {
    const did = `${SCOPE}:${name}`;

    test.each(BY_NAME)('reaches its dataset by %s', async (tool) => {
      const answer = await run(tool, { did });
      expect(JSON.stringify(answer)).toContain(JSON.stringify(did).slice(1, -1));
      expect(operations).not.toContain('ping');
    });

    test.each(BY_NAME_OR_NOTHING)('is no other thing for %s', async (tool) => {
      await expect(run(tool, { did })).resolves.toHaveProperty('total');
    });

    test('is found by a search for itself, with its content and replicas', async () => {
      const found = await run('rucio_list_dids', { did_pattern: did, did_type: 'dataset' });
      expect(found).toMatchObject({ rows: [[name, 'DATASET', 8, expect.any(Number)]] });
      expect(await run('rucio_list_content', { did })).toMatchObject({ total: 8 });
      // DIDs are separated by white space here.
      if (!/\s/.test(name)) {
        expect(await run('rucio_list_replicas', { dids: did })).toMatchObject({ total: 8 });
      }
    });
  });

  test.each(['..', '.', '../../ping', 'a/../b', ' ', 'x'.repeat(2000), 'a\u0000b', 'a\nb'])(
    'the name %j never leaves',
    async (name) => {
      for (const tool of [...BY_NAME, ...BY_NAME_OR_NOTHING]) {
        const error = await failure(tool, { did: `${SCOPE}:${name}` });
        expect([tool, error.code]).toEqual([tool, 'BAD_ARGUMENT']);
      }
      expect(operations).toEqual([]);
    },
  );

  test('a scope that does not exist has nothing, and is told', async () => {
    const found = await run('rucio_list_dids', { did_pattern: 'no.such.scope:*' });
    expect(found).toMatchObject({ total: 0, next: text('no such scope') });
    const near = await run('rucio_list_dids', { did_pattern: 'mc20_13tev:*' });
    expect(near).toMatchObject({ total: 0, next: text('"mc20_13TeV"') });
    const anywhere = await failure('rucio_list_dids', { did_pattern: 'user.*:x*' });
    expect(anywhere.code).toBe('BAD_ARGUMENT');
    expect(anywhere.why).toBe('Scopes that match: "user.jdoe"');
    expect((await failure('rucio_get_did', { did: 'no.such.scope:x' })).code).toMatch(/NOT_FOUND/);
    const rules = await run('rucio_list_replication_rules', { scope: 'no.such.scope' });
    expect(rules).toMatchObject({ total: 0, note: text('whether') });
    expect((await failure('rucio_list_scopes_for_account', { account: 'nobody' })).code).toBe(
      'NOT_FOUND',
    );
  });

  test.each<[ToolName, object]>([
    ['rucio_list_rses', {}],
    ['rucio_list_replicas', { dids: `${SCOPE}:${DATASET}` }],
    ['rucio_locate_data', { did: `${SCOPE}:${DATASET}` }],
    ['rucio_find_missing_files', { did: `${SCOPE}:${DATASET}` }],
    ['rucio_plan_rule', { dids: `${SCOPE}:${DATASET}` }],
    ['rucio_add_rule', { dids: `${SCOPE}:${DATASET}` }],
    ['rucio_quota_overview', {}],
    ['rucio_get_local_account_limits', {}],
  ])('%s points at what is wrong in an RSE expression', async (tool, args) => {
    for (const [expression, code] of [
      ['tier=1&', 'RSE_EXPRESSION'],
      ['((tier=1)', 'RSE_EXPRESSION'],
      ['tier==1', 'RSE_EXPRESSION'],
      ["rse'; drop table rses; --", 'RSE_EXPRESSION'],
      ['NO-SUCH_DISK', 'RSE_NOT_FOUND'],
      ['tier=9', 'RSE_NOT_FOUND'],
    ] as const) {
      const error = await failure(tool, { ...args, rse_expression: expression });
      expect([expression, error.code]).toEqual([expression, code]);
      expect(error.publicMessage).toMatch(/wrong at character|is no RSE|matches no RSE|alike/);
    }
  });

  test.each<[ToolName, object, number]>([
    ['rucio_list_dids', { did_pattern: 'mc20_13TeV:*', did_type: 'file' }, 1000],
    ['rucio_list_files', { did: `${SCOPE}:${DATASET}` }, 8],
    ['rucio_list_rses', {}, 6],
    ['rucio_list_account_rules', { account: 'jdoe' }, 1000],
  ])('%s brings any page into bounds', async (tool, args, most) => {
    for (const [limit, offset] of [
      [0, 0],
      [-5, -5],
      [1_000_000_000_000, 0],
      [50, 1_000_000_000_000],
      ['7', '0'],
    ]) {
      const { rows, total } = await run(tool, { ...args, limit, offset });
      const { length } = rows as unknown[];
      const isFar = Number(offset) > 1000;
      expect(length).toBeGreaterThanOrEqual(isFar ? 0 : 1);
      expect(length).toBeLessThanOrEqual(isFar ? 0 : Number(limit) <= 0 ? 1 : most);
      expect(total).toEqual(expect.any(Number));
    }
    for (const limit of ['NaN', 1.5, 'many', {}, [5]]) {
      expect((await failure(tool, { ...args, limit })).code).toBe('BAD_ARGUMENT');
    }
  });

  test('sizes of petabytes are exact, and dates of both forms are one form', async () => {
    const bytes = '9007199254740993';
    const file = `{"scope": "archive", "name": "huge", "bytes": ${bytes}, "adler32": "0badcafe"}`;
    await post('/replicas', `{"rse": "${CERN}", "files": [${file}], "ignore_availability": true}`);
    const did = 'archive:huge';
    expect(await run('rucio_get_did', { did })).toMatchObject({ bytes });
    expect(await run('rucio_list_files', { did })).toMatchObject({
      rows: [['huge', bytes]],
      total_bytes: bytes,
    });
    expect(await run('rucio_locate_data', { did })).toMatchObject({ bytes });
    const minute = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;
    // Rucio writes these without a zone, and those below with one.
    const { created_at: iso } = await run('rucio_get_account', {});
    const { created_at: rfc } = await run('rucio_describe_did', { did });
    expect([iso, rfc]).toEqual([expect.stringMatching(minute), expect.stringMatching(minute)]);
  });

  test('a refusal is no end of the session, whichever status it has', async () => {
    const others = await failure('rucio_get_local_account_usage', { account: 'prodsys' });
    expect(others.code).toBe('DENIED');
    const [src_rse, dst_rse] = [CERN, 'DESY-HH_DATADISK'];
    const transfers = { src_rse, dst_rse, request_states: 'FAILED' };
    expect((await failure('rucio_list_requests', transfers)).code).toBe('DENIED');
    expect(operations).not.toContain('login');
    expect(operations.filter((operation) => operation === 'list_local_usage')).toHaveLength(1);
  });

  test('a rule id is looked at before it is sent', async () => {
    for (const rule_id of ['../accounts/jdoe', RULE.slice(1), `${RULE}0`, '', 'g'.repeat(32)]) {
      const error = await failure('rucio_get_replication_rule', { rule_id });
      expect(['BAD_RULE_ID', 'BAD_ARGUMENT']).toContain(error.code);
    }
    expect(operations).toEqual([]);
  });

  test('an error page is told as what it is', async () => {
    // On sqlite Rucio has no metadata in JSON, and answers with an empty page.
    const args = { did: `${SCOPE}:${DATASET}`, plugin: 'JSON' };
    const error = await failure('rucio_get_metadata', args);
    expect(error.code).toBe('RUCIO_DOWN');
    expect(error.publicMessage).toContain('HTTP status 500');
  });

  test('a list that Rucio breaks off is never shown as a whole one', async () => {
    const { python } = await readManifest(directory);
    const { database } = rucioPaths(real.directory);
    const args = [database, SCOPE, DATASET, '300000'];
    await runCommand(python, ['-S', join(__dirname, 'add-content.py'), ...args]);
    const page = { did: `${SCOPE}:${DATASET}`, offset: 1_000_000 };
    const killed: Promise<void>[] = [];
    const call = runTool('rucio_list_content', page, rucio, {
      account: 'jdoe',
      // In the middle: Rucio has sent the head of its answer, and many rows.
      progress: () => {
        if (killed.length === 0) killed.push(real.kill());
      },
    });
    const error = await toolFailure(call);
    await Promise.all(killed);
    await real.restart();
    expect(error.code).toBe('RUCIO_DOWN');
    expect(error.what).toContain('cut off');
    // The same list, whose first page needs no more than its beginning.
    const first = await run('rucio_list_content', { did: page.did });
    expect(first).toMatchObject({ order: 'server', next_offset: 50 });
    expect(first['total']).toMatch(/^\d+\+$/);
  });

  test('an answer after the deadline is not waited for, and the next call works', async () => {
    await real.pause();
    const late = AbortSignal.timeout(500);
    const call = runTool('rucio_list_scopes', {}, rucio, { account: 'jdoe', signal: late });
    const error = await toolFailure(call).finally(() => real.resume());
    expect(error.code).toBe('RUCIO_DOWN');
    expect(await run('rucio_list_scopes', {})).toHaveProperty('total');
  });
});
