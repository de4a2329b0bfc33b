import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../../../lib/contract/sites';
import { type Rucio, createRucio } from '../../../server/rucio/client';
import type { RucioOperation } from '../../../server/rucio/operations';
import { type RealRucio, startRealRucio } from '../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../support/requirements';
import { runTool, toolFailure } from '../../support/run-tool';

const USER = 'user.jdoe';
const NTUPLES = `${USER}.410470.ttbar_nonallhad.v3_tree.root`;
const GROUP_DATASET = 'group.phys-higgs:group.phys-higgs.ttH_combination.workspaces.v2';

describeWith('real-rucio', 'the tools with a real Rucio', (directory) => {
  let real: RealRucio;
  let files: string;
  let rucio: Rucio & { readonly site: Site };
  let operations: RucioOperation[];

  beforeAll(async () => {
    real = await startRealRucio(directory);
    files = await mkdtemp(join(tmpdir(), 'rucio-tools-'));
    const [usernameFile, passwordFile] = [join(files, 'username'), join(files, 'password')];
    await writeFile(usernameFile, 'robot');
    await writeFile(passwordFile, 'robotpwd');
    const site = Site.parse({ name: 'real', rucioHost: real.url, authHost: real.url });
    const { client, credentials, close } = await createRucio(
      site,
      { account: 'robot', credentials: { type: 'userpass', usernameFile, passwordFile } },
      { rucioSeconds: 30, rucioConnections: 4 },
      { onRequest: (operation) => operations.push(operation) },
    );
    rucio = { client, credentials, close, site };
  }, 90_000);

  afterAll(async () => {
    await rucio.close();
    await rm(files, { recursive: true });
    await real.stop();
  });

  beforeEach(() => {
    operations = [];
  });

  const names = (table: Record<string, unknown>) =>
    (table['rows'] as string[][]).map(([name]) => name);

  test('the search takes conditions as query parameters, with operators', async () => {
    const args = { did_pattern: `${USER}:*`, did_type: 'all', filters: 'length.gte=5' };
    const table = await runTool('rucio_list_dids', args, rucio);
    expect(names(table)).toEqual([`${NTUPLES}.387612044`]);
  });

  test('a search key that no metadata plugin knows is told', async () => {
    const args = { did_pattern: `${USER}:*`, filters: 'nonsense=5' };
    const error = await toolFailure(runTool('rucio_list_dids', args, rucio));
    expect(error.code).toBe('BAD_ARGUMENT');
  });

  test('a recursive search lists each DID once', async () => {
    const args = { did_pattern: `${NTUPLES}*`, recursive: true, limit: 1000 };
    const all = names(await runTool('rucio_list_dids', args, rucio));
    expect(all).toEqual([...new Set(all)]);
    expect(all).toContain(`${NTUPLES}.387612044`);
  });

  test.each([
    'analysis/2026/files',
    '/store/user/jdoe/nanoaod/run3',
    'analysis/2026/higgs/limits_v2',
  ])('a name with slashes is that DID and no other route: %s', async (name) => {
    const args = { did: `${USER}:${name}` };
    expect(await runTool('rucio_get_did', args, rucio)).toMatchObject({
      did: `${USER}:${name}`,
      type: 'DATASET',
    });
    await expect(runTool('rucio_list_did_rules', args, rucio)).resolves.toMatchObject(args);
  });

  test('an unknown DID is told, with names that begin alike', async () => {
    const args = { did: `${USER}:analysis/2026/higgs/limits_v3` };
    const error = await toolFailure(runTool('rucio_get_did', args, rucio));
    expect(error.publicMessage).toContain('"analysis/2026/higgs/limits_v2"');
  });

  test('files without a replica at an expression are counted', async () => {
    const args = { dids: GROUP_DATASET, rse_expression: 'DESY-HH_DATADISK' };
    const nowhere = await runTool('rucio_list_replicas', args, rucio);
    expect(nowhere).toMatchObject({ total: 0, not_here: 3 });
    const some = await runTool(
      'rucio_list_replicas',
      { dids: `${USER}:${NTUPLES}.387612099`, rse_expression: 'DESY-HH_DATADISK' },
      rucio,
    );
    expect(some).toMatchObject({ total: 2, not_here: 3 });
  });

  test.each(['tier=1&', 'NOSUCH'])('a wrong expression is told: %s', async (rse_expression) => {
    const args = { dids: GROUP_DATASET, rse_expression };
    const error = await toolFailure(runTool('rucio_list_replicas', args, rucio));
    expect(error.code).toBe(rse_expression === 'NOSUCH' ? 'RSE_NOT_FOUND' : 'RSE_EXPRESSION');
    expect(error.what).toContain(`"${rse_expression}"`);
  });
});
