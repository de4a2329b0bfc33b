import { readFile } from 'node:fs/promises';

import type { ValuesInput } from '../../lib/contract/values/values';
import type { SecretData } from '../../scripts/pod/pod';
import { type KerberosRucio, startKerberosRucio } from '../support/kerberos/kerberos-rucio';
import { describeWith } from '../support/requirements';
import { readyDemoPod, startDemoPod } from './demo-pod';
import { CLIENTS } from './mcp-clients';

describeWith(['kerberos', 'real-rucio'], 'the pod of authType gss', (modules, fixture) => {
  let setting: KerberosRucio;
  beforeAll(async () => {
    setting = await startKerberosRucio(fixture, modules);
  }, 120_000);
  afterAll(() => setting.stop());

  const options = (robot: SecretData) => ({
    rucioUrl: setting.url,
    values: (values: ValuesInput): ValuesInput => ({
      ...values,
      auth: {
        ...values.auth,
        sharedSecret: {
          ...values.auth?.sharedSecret,
          authType: 'gss',
          gss: {
            existingSecret: 'robot',
            krb5ConfKey: 'krb5.conf',
            principal: setting.principal,
          },
        },
      },
      image: { tag: '24-trixie' },
      // Stands for the trust store of an image.
      extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: setting.certificates.caFile }],
    }),
    secrets: { robot },
  });
  const secretOf = async (keytab: string): Promise<SecretData> => ({
    'krb5.keytab': await readFile(keytab),
    'krb5.conf': await readFile(setting.realm.krb5Conf),
  });

  test('signs in, and its log has no secret', async () => {
    const { pod, endpoint, bearer } = await readyDemoPod(
      options(await secretOf(await setting.realm.keytab('robot'))),
    );
    try {
      const [, , connect] = CLIENTS.at(-1) ?? [];
      const client = await connect?.(endpoint, bearer);
      const answer = await client?.callTool('rucio_whoami');
      await client?.close();
      expect(answer?.structured).toMatchObject({ account: 'robot', type: 'SERVICE' });
      expect(pod.output).toContain('rucio-mcp is ready');
      expect(pod.output).not.toMatch(/Negotiate|YII|robot-robot@/);
    } finally {
      await pod.stop();
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
