import { tokenFor } from '../../../rucio-contract/answer';
import { type RealRucio, startRealRucio } from '../../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../../support/requirements';
import { type RucioOnReal, rucioOnReal } from '../../../support/rucio-on-real';
import { runTool, toolFailure } from '../../../support/run-tool';

describeWith('real-rucio', 'an RSE of a real Rucio that takes no data', (directory) => {
  let real: RealRucio;
  let rucio: RucioOnReal;

  beforeAll(async () => {
    real = await startRealRucio(directory);
    rucio = await rucioOnReal(real, 'prodsys');
    const token = await tokenFor(real.url, 'root');
    const post = async (path: string, body: object) => {
      const headers = { 'X-Rucio-Auth-Token': token };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      expect((await fetch(`${real.url}${path}`, init)).status).toBe(201);
    };
    await post('/rses/GENEVA_DISK', { rse_type: 'DISK', availability_write: false });
    await post('/rses/GENEVA_DISK/attr/country', { value: 'CH' });
    await post('/accountlimits/local/prodsys/GENEVA_DISK', { bytes: -1 });
  }, 90_000);
  afterAll(async () => {
    await rucio.close();
    await real.stop();
  });

  test('is told with writable ones of its type in the same country', async () => {
    const args = { dids: 'archive:calibration', rse_expression: 'GENEVA_DISK', lifetime: 86_400 };
    const options = { account: 'prodsys', readOnly: false };
    const error = await toolFailure(runTool('rucio_add_rule', args, rucio, options));
    expect(error).toMatchObject({
      code: 'RSE_BLOCKED',
      why: 'Not writable: GENEVA_DISK.',
      next: 'choose other RSEs; writable in the same country: CERN-PROD_DATADISK',
    });
    const plan = await runTool('rucio_plan_rule', args, rucio, options);
    expect(plan).toMatchObject({ possible: false });
  });
});
