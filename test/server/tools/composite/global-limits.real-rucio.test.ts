import { tokenFor } from '../../../rucio-contract/answer';
import { type RealRucio, startRealRucio } from '../../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../../support/requirements';
import { type RucioOnReal, rucioOnReal } from '../../../support/rucio-on-real';
import { runTool, toolFailure } from '../../../support/run-tool';

const DATA = 'archive:calibration';
const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';

describeWith('real-rucio', 'limits over sets of RSEs at a real Rucio', (directory) => {
  let real: RealRucio;
  let rucio: RucioOnReal;

  beforeAll(async () => {
    real = await startRealRucio(directory);
    rucio = await rucioOnReal(real, 'jdoe');
    const token = await tokenFor(real.url, 'root');
    const limit = encodeURIComponent('tier=0');
    const response = await fetch(`${real.url}/accountlimits/global/jdoe/${limit}`, {
      method: 'POST',
      headers: { 'X-Rucio-Auth-Token': token },
      body: JSON.stringify({ bytes: 1 }),
    });
    expect(response.status).toBe(201);
  }, 90_000);
  afterAll(async () => {
    await rucio.close();
    await real.stop();
  });

  const run = (name: Parameters<typeof runTool>[0], args: object) =>
    runTool(name, args, rucio, { account: 'jdoe', readOnly: false });

  test('concern the RSEs of the set and no others, as Rucio does', async () => {
    const args = { dids: DATA, rse_expression: `${CERN}|${DESY}`, lifetime: 86_400 };
    const { candidates } = await run('rucio_plan_rule', args);
    const rows = (candidates as { rows: unknown[][] }).rows.map((row) => [row[0], row.at(-1)]);
    expect(Object.fromEntries(rows)).toEqual({
      [DESY]: null,
      [CERN]: 'global quota of tier=0 exceeded',
    });
    const add = (rse: string) =>
      run('rucio_add_rule', { dids: DATA, rse_expression: rse, lifetime: 86_400 });
    const refusal = await toolFailure(add(CERN));
    expect(refusal.next).toContain(DESY);
    expect(refusal.code).toBe('QUOTA');
    expect(refusal.why).toContain('tier=0');
    expect(await add(DESY)).toMatchObject({ changed: true });
  });

  test('hold no administrator, as at Rucio', async () => {
    const response = await fetch(`${real.url}/accounts/jdoe/attr/admin`, {
      method: 'POST',
      headers: { 'X-Rucio-Auth-Token': await tokenFor(real.url, 'root') },
      body: JSON.stringify({ key: 'admin', value: 'yes' }),
    });
    expect(response.status).toBe(201);
    const args = { dids: DATA, rse_expression: CERN, lifetime: 86_400 };
    const plan = await run('rucio_plan_rule', args);
    expect(plan).toMatchObject({
      possible: true,
      warnings: expect.arrayContaining([expect.stringContaining('no quota')]) as unknown,
    });
    expect(await run('rucio_add_rule', { plan: plan['plan'] })).toMatchObject({ changed: true });
  });
});
