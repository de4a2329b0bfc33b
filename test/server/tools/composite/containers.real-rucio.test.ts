import { tokenFor } from '../../../rucio-contract/answer';
import { type RealRucio, startRealRucio } from '../../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../../support/requirements';
import { type RucioOnReal, rucioOnReal } from '../../../support/rucio-on-real';
import { runTool } from '../../../support/run-tool';

const SCOPE = 'archive';
const DESY = 'DESY-HH_DATADISK';

/** Datasets `a` and `b` have a file in common; a container has both, and another has the container. */
describeWith('real-rucio', 'containers of a real Rucio', (directory) => {
  let real: RealRucio;
  let rucio: RucioOnReal;
  let token: string;

  beforeAll(async () => {
    real = await startRealRucio(directory);
    rucio = await rucioOnReal(real, 'root');
    token = await tokenFor(real.url, 'root');
    const files = ['f1', 'f2', 'f3'].map((name) => ({
      scope: SCOPE,
      name,
      bytes: 10,
      adler32: '0badcafe',
    }));
    await post('/replicas', { rse: DESY, files, ignore_availability: true });
    await collection('a', 'DATASET', ['f1', 'f2']);
    await collection('b', 'DATASET', ['f2', 'f3']);
    await collection('box', 'CONTAINER', ['a', 'b']);
    await collection('boxes', 'CONTAINER', ['box']);
    for (const name of ['a', 'box', 'boxes']) {
      await post('/rules/', {
        dids: [{ scope: SCOPE, name }],
        account: name === 'boxes' ? 'physics-higgs' : 'prodsys',
        copies: 1,
        rse_expression: 'CERN-PROD_DATADISK',
        grouping: 'DATASET',
        lifetime: null,
        locked: false,
      });
    }
  }, 90_000);
  afterAll(async () => {
    await rucio.close();
    await real.stop();
  });

  async function post(path: string, body: unknown): Promise<void> {
    const headers = { 'X-Rucio-Auth-Token': token };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${real.url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  async function collection(name: string, type: string, children: string[]): Promise<void> {
    await post(`/dids/${SCOPE}/${name}`, { type });
    const dids = children.map((child) => ({ scope: SCOPE, name: child }));
    await post(`/dids/${SCOPE}/${name}/dids`, { dids });
  }

  const run = (name: Parameters<typeof runTool>[0], args: object) =>
    runTool(name, args, rucio, { account: 'root' });

  test('a file in two datasets is not taken for one without a copy', async () => {
    const located = await run('rucio_locate_data', { did: `${SCOPE}:box` });
    expect(located).toMatchObject({
      files: 3,
      bytes: 30,
      counters: 'exact',
      rows: [[DESY, 'DISK', 'DESY-HH', 3, 100, 30, 'davs']],
      note: expect.stringContaining("Rucio's own figure has 1 more") as unknown,
    });
    expect(located['verdict']).toContain('1 of 1 RSE has all of it. Every file has a copy.');
    expect(await run('rucio_describe_did', { did: `${SCOPE}:boxes` })).toMatchObject({
      rses: { rows: [[DESY, 'DISK', 3, 100, 30]] },
    });
    expect(await run('rucio_find_missing_files', { did: `${SCOPE}:boxes` })).toMatchObject({
      files: 3,
      missing: 0,
    });
  });

  test('a file in two datasets is summed once in the list of files', async () => {
    expect(await run('rucio_list_files', { did: `${SCOPE}:box` })).toMatchObject({
      total: 4,
      total_bytes: 30,
      note: expect.stringContaining('several datasets: 1;') as unknown,
    });
  });

  test('a file in two datasets is planned for once', async () => {
    const args = { dids: `${SCOPE}:box`, rse_expression: DESY };
    const { candidates } = await run('rucio_plan_rule', args);
    const { columns, rows } = candidates as { columns: string[]; rows: unknown[][] };
    const cell = (column: string) => rows[0]?.[columns.indexOf(column)];
    expect([cell('percent'), cell('to_move')]).toEqual([100, 0]);
  });

  test.each([
    ['f1', ['a', 'box', 'boxes']],
    ['f3', ['box', 'boxes']],
    ['a', ['a', 'box', 'boxes']],
    ['b', ['box', 'boxes']],
    ['box', ['box', 'boxes']],
    ['boxes', ['boxes']],
  ])('the rules that cover %s are those on %j', async (name, on) => {
    const answer = await run('rucio_list_did_rules', { did: `${SCOPE}:${name}`, covering: true });
    const { columns, rows } = answer as { columns: string[]; rows: string[][] };
    expect(rows.map(([did = '']) => did.replace(`${SCOPE}:`, '')).sort()).toEqual(on);
    const owners = rows.map((row) => row[columns.indexOf('account')]);
    expect(owners).toContain('physics-higgs');
  });

  test('what nothing covers is said to be unprotected', async () => {
    await collection('lone', 'DATASET', ['f1']);
    const args = { did: `${SCOPE}:lone`, covering: true };
    expect(await run('rucio_list_did_rules', args)).toMatchObject({
      total: 0,
      note: expect.stringContaining('no rule keeps it') as unknown,
    });
  });
});
