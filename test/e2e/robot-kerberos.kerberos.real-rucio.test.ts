import { readFile } from 'node:fs/promises';

import type { SecretData } from '../../scripts/pod/pod';
import { type KerberosRucio, startKerberosRucio } from '../support/kerberos/kerberos-rucio';
import { describeWith } from '../support/requirements';
import { readyDemoPod, startDemoPod } from './demo-pod';
import { robotPod, whoami } from './robot-pod';

describeWith(['kerberos', 'real-rucio'], 'the pod of authType gss', (modules, fixture) => {
  let setting: KerberosRucio;
  beforeAll(async () => {
    setting = await startKerberosRucio(fixture, modules);
  }, 120_000);
  afterAll(() => setting.stop());

  const options = (secret: SecretData) =>
    robotPod(setting.url, setting.certificates, {
      settings: {
        authType: 'gss',
        gss: { existingSecret: 'robot', krb5ConfKey: 'krb5.conf', principal: setting.principal },
      },
      secret,
      besides: { image: { tag: '24-trixie' } },
    });
  const secretOf = async (keytab: string): Promise<SecretData> => ({
    'krb5.keytab': await readFile(keytab),
    'krb5.conf': await readFile(setting.realm.krb5Conf),
  });

  test('signs in, and its log has no secret', async () => {
    const demo = await readyDemoPod(options(await secretOf(await setting.realm.keytab('robot'))));
    try {
      expect(await whoami(demo)).toMatchObject({ account: 'robot', type: 'SERVICE' });
      expect(demo.pod.output).toContain('rucio-mcp is ready');
      expect(demo.pod.output).not.toMatch(/Negotiate|YII|robot-robot@/);
    } finally {
      await demo.pod.stop();
    }
  }, 60_000);

  test('does not start with the keytab of another principal', async () => {
    const { pod } = await startDemoPod(
      options(await secretOf(await setting.realm.keytab('stranger'))),
    );
    await expect(pod.exited).resolves.toMatchObject({ code: 1 });
    expect(pod.output).toContain('auth.credentials.keytabFile: the file ');
    expect(pod.output).toContain('has no key of robot@DEMO.EXAMPLE.ORG');
  }, 60_000);
});
