import { type RealRucio, startRealRucio } from '../../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../../support/requirements';
import { type RucioOnReal, rucioOnReal } from '../../../support/rucio-on-real';
import { runTool } from '../../../support/run-tool';
import { tokenFor } from '../../../rucio-contract/answer';

const CERN = 'CERN-PROD_DATADISK';
const FILE = {
  scope: 'mc20_13TeV',
  name: 'DAOD_PHYS.36004612._000003.pool.root.1',
};

describeWith('real-rucio', 'suspicious replicas of a real Rucio', (directory) => {
  let real: RealRucio;
  let rucio: RucioOnReal;

  beforeAll(async () => {
    real = await startRealRucio(directory);
    rucio = await rucioOnReal(real, 'jdoe');
  }, 90_000);
  afterAll(async () => {
    await rucio.close();
    await real.stop();
  });

  test('are counted at their RSE once somebody has declared them', async () => {
    const token = await tokenFor(real.url, 'jdoe');
    const post = async (path: string, body: unknown) => {
      const headers = { 'X-Rucio-Auth-Token': token };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${real.url}${path}`, init)).json();
    };
    const found = await post('/replicas/list', { dids: [FILE], rse_expression: CERN });
    const { rses } = found as { rses: Record<string, string[]> };
    // More often than anything of the seed.
    for (let times = 0; times < 5; times += 1) {
      await post('/replicas/suspicious', { pfns: rses[CERN], reason: 'a test' });
    }
    const answer = await runTool('rucio_describe_rse', { rse: CERN }, rucio, { account: 'jdoe' });
    const { suspicious } = answer as { suspicious: { rows: unknown[][] } };
    expect(suspicious.rows[0]).toEqual([`${FILE.scope}:${FILE.name}`, 5]);
  });

  test('are none where nobody has declared any', async () => {
    const args = { rse: 'TRIUMF-LCG2_MCTAPE' };
    const answer = await runTool('rucio_describe_rse', args, rucio, { account: 'jdoe' });
    expect(answer).toMatchObject({ suspicious: { rows: [] } });
  });
});
