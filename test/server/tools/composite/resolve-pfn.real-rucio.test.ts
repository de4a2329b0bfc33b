import { tokenFor } from '../../../rucio-contract/answer';
import { type RealRucio, startRealRucio } from '../../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../../support/requirements';
import { type RucioOnReal, rucioOnReal } from '../../../support/rucio-on-real';
import { runTool, toolFailure } from '../../../support/run-tool';

const USER = 'user.jdoe';
const HASHED = `${USER}:${USER}.38761204._000001.tree.root`;
const PLAIN = `${USER}:${USER}.38761209._000001.tree.root`;
const RAL = 'RAL-LCG2_SCRATCHDISK';

describeWith('real-rucio', 'paths on the storage of a real Rucio', (directory) => {
  let real: RealRucio;
  let rucio: RucioOnReal;
  let token: string;

  beforeAll(async () => {
    real = await startRealRucio(directory);
    rucio = await rucioOnReal(real, 'jdoe');
    token = await tokenFor(real.url, 'root');
  }, 90_000);
  afterAll(async () => {
    await rucio.close();
    await real.stop();
  });

  async function post(path: string, body: unknown): Promise<string> {
    const headers = { 'X-Rucio-Auth-Token': token };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${real.url}${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }

  /** The access URLs that Rucio itself gives. */
  async function pfnsOf(did: string, rse: string): Promise<string[]> {
    const [scope, name] = did.split(':');
    const query = { dids: [{ scope, name }], rse_expression: rse, ignore_availability: true };
    const row = JSON.parse(await post('/replicas/list', query)) as {
      rses: Record<string, string[]>;
    };
    return row.rses[rse] ?? [];
  }

  const resolve = (pfn: string, rse = '') =>
    runTool('rucio_resolve_pfn', { pfn, rse }, rucio, { account: 'jdoe' });
  const pathOf = (pfn: string) => pfn.replace(/^\w+:\/\/[^/]+/, '');

  test.each([
    ['hashed directories', HASHED, 'DESY-HH_DATADISK'],
    ['the identity of scope and name', PLAIN, RAL],
  ])('of %s lead to the file, as URL and as path', async (_, did, rse) => {
    const [pfn = ''] = await pfnsOf(did, rse);
    expect(pfn).toContain('/user/jdoe/');
    const found = { did, found_by: 'path', rses: expect.arrayContaining([rse]) as unknown };
    expect(await resolve(pfn)).toMatchObject(found);
    expect(await resolve(`\`${pathOf(pfn)}\``)).toMatchObject(found);
    expect(await resolve(pathOf(pfn), rse)).toMatchObject(found);
  });

  test.each(['analysis/2026/limits/deep.root', '/store/user/jdoe/deep.root'])(
    'of names with slashes lead to the file, by identity: %s',
    async (name) => {
      const file = { scope: USER, name, bytes: 7, adler32: '0badcafe' };
      await post('/replicas', { rse: RAL, files: [file], ignore_availability: true });
      const [pfn = ''] = await pfnsOf(`${USER}:${name}`, RAL);
      expect(await resolve(pathOf(pfn))).toMatchObject({
        did: `${USER}:${name}`,
        bytes: 7,
        found_by: 'path',
        verdict: 'The file is in no dataset.',
      });
    },
  );

  test('that follow from no rule lead to the file where its name is in them', async () => {
    await post('/rses/CMSDISK', { deterministic: false });
    const lan = { read: 1, write: 1, delete: 1 };
    const wan = { ...lan, third_party_copy_read: 1, third_party_copy_write: 1 };
    await post('/rses/CMSDISK/protocols/root', {
      scheme: 'root',
      hostname: 'cms.example.org',
      port: 1094,
      prefix: '/',
      impl: 'rucio.rse.protocols.xrootd.Default',
      domains: { lan, wan },
      extended_attributes: null,
    });
    // As in CMS: the name is the path, and the scope is not in it.
    const name = '/store/mc/Run3/NANOAODSIM/deep.root';
    const pfn = `root://cms.example.org:1094/${name}`;
    const file = { scope: 'archive', name, bytes: 8, adler32: '0badcafe', pfn };
    await post('/replicas', { rse: 'CMSDISK', files: [file], ignore_availability: true });
    const found = { did: `archive:${name}`, found_by: 'path', rses: ['CMSDISK'] };
    expect(await resolve(name)).toMatchObject(found);
    expect(await resolve(pfn)).toMatchObject(found);
  });

  test('where the file was once are told apart from where it is', async () => {
    const answer = await resolve(`/old/disk/user/jdoe/${PLAIN.split(':')[1]}.gone`).catch(
      (error: unknown) => error,
    );
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    const elsewhere = '/old/disk/mc20_13TeV/DAOD_PHYS.36004612._000001.pool.root.1';
    expect(await resolve(elsewhere)).toMatchObject({
      did: 'mc20_13TeV:DAOD_PHYS.36004612._000001.pool.root.1',
      found_by: 'name',
      verdict: expect.stringContaining('no replica of it at this path') as unknown,
    });
  });

  test.each(['/no/such/file.root', 'root://x.example.org:1094//a/b', '/-/-/-'])(
    'that nothing is at are not found: %s',
    async (pfn) => {
      expect((await toolFailure(resolve(pfn))).code).toBe('NOT_FOUND');
    },
  );
});
