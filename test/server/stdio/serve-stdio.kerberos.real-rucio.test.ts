import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type KerberosRucio, startKerberosRucio } from '../../support/kerberos/kerberos-rucio';
import { eventually } from '../../support/eventually';
import { describeWith } from '../../support/requirements';
import { rucioMcp } from '../../support/run-command-line';
import { whoamiByStdio } from '../../support/serve-stdio';

describeWith(['kerberos', 'real-rucio'], 'rucio-mcp with a ticket of kinit', (modules, fixture) => {
  let setting: KerberosRucio;
  let keytab: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    setting = await startKerberosRucio(fixture, modules);
    const { realm, real, url, certificates } = setting;
    keytab = await realm.keytab('robot');
    const file = join(realm.directory, 'client.cfg');
    await writeFile(
      file,
      `[client]
rucio_host = ${real.url}
auth_host = ${url}
auth_type = gss
ca_cert = ${certificates.caFile}
`,
    );
    env = {
      ...realm.environment,
      HOME: realm.directory,
      RUCIO_CONFIG: file,
      RUCIO_ACCOUNT: 'robot',
    };
  }, 120_000);
  afterAll(() => setting.stop());

  const ticket = async (...options: string[]) => ({
    ...env,
    KRB5CCNAME: await setting.realm.ticket('robot', keytab, ...options),
  });

  test('serve works as the user', async () => {
    const { content } = await whoamiByStdio(await ticket(), ['serve', '--transport', 'stdio']);
    expect(JSON.stringify(content)).toContain('robot');
    expect(JSON.stringify(content)).toContain('SERVICE');
  }, 30_000);

  test('doctor finds nothing', async () => {
    const { code, stdout } = await rucioMcp(['doctor'], await ticket());
    expect(stdout).toContain('ok       login: signed in at Rucio as robot');
    expect(code).toBe(0);
  }, 30_000);

  test('doctor tells a user without a ticket to get one', async () => {
    const { code, stdout } = await rucioMcp(['doctor'], {
      ...env,
      KRB5CCNAME: `FILE:${join(setting.realm.directory, 'none')}`,
    });
    expect(stdout).toContain('PROBLEM  login: There is no Kerberos ticket, and no key');
    expect(stdout).toContain('fix: run kinit');
    expect(code).toBe(1);
  }, 30_000);

  test('doctor tells a user whose ticket has expired', async () => {
    const expired = await ticket('-l', '1s');
    let told = '';
    await eventually(async () => {
      told = (await rucioMcp(['doctor'], expired)).stdout;
      return told.includes('PROBLEM');
    });
    expect(told).toContain('PROBLEM  login: The Kerberos ticket has expired.');
    expect(told).toContain('fix: run kinit');
  }, 30_000);

  test('doctor tells a principal that belongs to no such account', async () => {
    const { code, stdout } = await rucioMcp(['doctor', '--account', 'jdoe'], await ticket());
    expect(stdout).toContain(
      'PROBLEM  login: Rucio refused the Kerberos ticket for the account jdoe',
    );
    expect(stdout).toContain('fix: check with klist');
    expect(code).toBe(1);
  }, 30_000);

  test('doctor tells that curl is missing', async () => {
    const { code, stdout } = await rucioMcp(['doctor'], {
      ...(await ticket()),
      PATH: setting.realm.directory,
    });
    expect(stdout).toContain(
      'PROBLEM  credentials: gss signs in by the command curl, which can not',
    );
    expect(stdout).toContain('fix: install a curl with GSS-API');
    expect(code).toBe(1);
  }, 30_000);
});
