import { generateKeyPairSync } from 'node:crypto';

import type { SecretData } from '../../scripts/pod/pod';
import { describeWith } from '../support/requirements';
import { ROBOT_CLIENT } from '../support/rucio-front/robot-provider';
import { type RobotRucio, startRobotRucio } from '../support/rucio-front/robot-rucio';
import { sshPublicKey } from '../support/ssh-public-key';
import { readyDemoPod, startDemoPod } from './demo-pod';
import { type Way, robotPod, whoami } from './robot-pod';

describeWith('real-rucio', 'the pod of each authType signs in', (directory) => {
  let setting: RobotRucio;
  beforeAll(async () => {
    setting = await startRobotRucio(directory);
    await setting.addIdentity('OIDC', `SUB=${ROBOT_CLIENT.id}, ISS=${setting.provider.issuer}`);
  }, 120_000);
  afterAll(() => setting.stop());

  const options = (way: Way) => robotPod(setting.tlsUrl, setting.certificates, way);

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
