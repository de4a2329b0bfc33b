import { generateKeyPairSync } from 'node:crypto';

import type { ValuesInput } from '../../lib/contract/values/values';
import type { SecretData } from '../../scripts/pod/pod';
import { describeWith } from '../support/requirements';
import { ROBOT_CLIENT } from '../support/rucio-front/robot-provider';
import { type RobotRucio, startRobotRucio } from '../support/rucio-front/robot-rucio';
import { sshPublicKey } from '../support/ssh-public-key';
import { type DemoPod, readyDemoPod, startDemoPod } from './demo-pod';
import { CLIENTS } from './mcp-clients';

type SharedSecret = NonNullable<NonNullable<ValuesInput['auth']>['sharedSecret']>;

/** How a robot signs in: what the values say, and what is in the Secret `robot`. */
interface Way {
  readonly settings: Partial<SharedSecret>;
  readonly secret: SecretData;
}

describeWith('real-rucio', 'the pod of each authType signs in', (directory) => {
  let setting: RobotRucio;
  beforeAll(async () => {
    setting = await startRobotRucio(directory);
    await setting.addIdentity('OIDC', `SUB=${ROBOT_CLIENT.id}, ISS=${setting.provider.issuer}`);
  }, 120_000);
  afterAll(() => setting.stop());

  const options = ({ settings, secret }: Way) => ({
    rucioUrl: setting.tlsUrl,
    values: (values: ValuesInput): ValuesInput => ({
      ...values,
      auth: { ...values.auth, sharedSecret: { ...values.auth?.sharedSecret, ...settings } },
      // Stands for the trust store of an image.
      extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: setting.certificates.caFile }],
    }),
    secrets: { robot: secret },
  });

  async function whoami({ endpoint, bearer }: DemoPod): Promise<unknown> {
    const [, , connect] = CLIENTS.at(-1) ?? [];
    const client = await connect?.(endpoint, bearer);
    try {
      return (await client?.callTool('rucio_whoami'))?.structured;
    } finally {
      await client?.close();
    }
  }

  const x509 = (secret: SecretData): Way => ({
    settings: {
      authType: 'x509',
      x509: { existingSecret: 'robot', certKey: 'usercert.pem', keyKey: 'userkey.pem' },
    },
    secret,
  });

  const WAYS: readonly [string, () => Way | Promise<Way>][] = [
    [
      'userpass',
      () => ({
        settings: { authType: 'userpass', userpass: { existingSecret: 'robot' } },
        secret: { username: 'robot', password: 'robotpwd' },
      }),
    ],
    ['x509', () => x509({ 'usercert.pem': setting.robot.cert, 'userkey.pem': setting.robot.key })],
    [
      'x509_proxy',
      async () => ({
        settings: {
          authType: 'x509_proxy',
          x509: { existingSecret: 'robot', proxyKey: 'x509up', mountPath: '/creds' },
        },
        secret: { x509up: await setting.certificates.proxy(setting.robot, 'Robot') },
      }),
    ],
    [
      'ssh',
      async () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        await setting.addIdentity('SSH', sshPublicKey(publicKey));
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
        return {
          settings: { authType: 'ssh', ssh: { existingSecret: 'robot' } },
          secret: { 'ssh-privatekey': pem },
        };
      },
    ],
    [
      'oidc',
      () => ({
        settings: {
          authType: 'oidc',
          oidc: { existingSecret: 'robot', tokenEndpoint: setting.provider.tokenEndpoint },
        },
        secret: { 'client-id': ROBOT_CLIENT.id, 'client-secret': ROBOT_CLIENT.secret },
      }),
    ],
  ];

  test.each(WAYS)(
    '%s',
    async (_type, make) => {
      const demo = await readyDemoPod(options(await make()));
      try {
        expect(await whoami(demo)).toMatchObject({ account: 'robot', type: 'SERVICE' });
        expect(demo.pod.output).not.toMatch(/PRIVATE KEY|robotpwd|so secret/);
      } finally {
        await demo.pod.stop();
      }
    },
    60_000,
  );

  test('a Secret with the key of another certificate stops the pod at its start', async () => {
    const { key } = await setting.certificates.client('Stranger');
    const way = x509({ 'usercert.pem': setting.robot.cert, 'userkey.pem': key });
    const { pod } = await startDemoPod(options(way));
    await expect(pod.exited).resolves.toMatchObject({ code: 1 });
    expect(pod.output).toContain('auth.credentials.keyFile: the file ');
    expect(pod.output).toContain('has a key that does not belong to the certificate');
    expect(pod.output).not.toContain('PRIVATE KEY');
  }, 60_000);
});
