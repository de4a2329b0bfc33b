import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { RobotCredentials } from '../../../lib/contract/server-document';
import { Site } from '../../../lib/contract/sites';
import { type Rucio, type RucioDeps, createRucio } from '../../../server/rucio/client';
import { describeWith } from '../../support/requirements';
import { makeCertificates } from '../../support/rucio-front/certificates';
import { ROBOT_CLIENT } from '../../support/rucio-front/robot-provider';
import { type RobotRucio, startRobotRucio } from '../../support/rucio-front/robot-rucio';
import { options } from '../../support/rucio-on-fault-server';
import { sshPublicKey } from '../../support/ssh-public-key';

const HOUR_MS = 3600_000;

describeWith('real-rucio', 'the robot signs in at a real Rucio', (directory) => {
  let setting: RobotRucio;
  beforeAll(async () => {
    setting = await startRobotRucio(directory);
  }, 120_000);
  afterAll(() => setting.stop());
  const file = (content: string) => setting.file(content);

  const opened: Rucio[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((rucio) => rucio.close()));
  });
  async function connect(credentials: RobotCredentials, deps: RucioDeps = {}): Promise<Rucio> {
    const rucio = await createRucio(
      Site.parse({
        name: 'real',
        rucioHost: credentials.type === 'oidc' ? setting.tlsUrl : setting.real.url,
        authHost: setting.tlsUrl,
        caFile: setting.certificates.caFile,
      }),
      { account: 'robot', credentials },
      { rucioSeconds: 30, rucioConnections: 2 },
      deps,
    );
    opened.push(rucio);
    return rucio;
  }
  const whoami = async ({ client }: Rucio) => (await client.accounts.whoami(options())).account;

  test('with a user name and a password', async () => {
    const credentials = {
      type: 'userpass',
      usernameFile: await file('robot'),
      passwordFile: await file('robotpwd'),
    } as const;
    expect(await whoami(await connect(credentials))).toBe('robot');
  });

  test('with a wrong password: refused, and told whom to ask', async () => {
    const rucio = await connect({
      type: 'userpass',
      usernameFile: await file('robot'),
      passwordFile: await file('wrong'),
    });
    await expect(whoami(rucio)).rejects.toMatchObject({
      code: 'LOGIN',
      next: "ask the server's operator to check the user name and the password in its Secret",
    });
  });

  test('with a certificate, and with the one that replaces it', async () => {
    let now = Date.now();
    const [certFile, keyFile] = [await file(setting.robot.cert), await file(setting.robot.key)];
    const reloads: string[] = [];
    const logins: string[] = [];
    const rucio = await connect(
      { type: 'x509', certFile, keyFile },
      {
        clock: () => now,
        onSecretReload: (secret, outcome) => reloads.push(`${secret} ${outcome}`),
        onLogin: (outcome) => logins.push(outcome),
      },
    );
    expect(await whoami(rucio)).toBe('robot');

    const stranger = await setting.certificates.client('Stranger');
    await writeFile(certFile, stranger.cert);
    await writeFile(keyFile, stranger.key);
    now += HOUR_MS;
    await expect(whoami(rucio)).rejects.toMatchObject({ code: 'LOGIN' });
    expect(reloads.sort()).toEqual(['rucio-certificate ok', 'rucio-key ok']);

    const renewed = await setting.certificates.client('Robot');
    await writeFile(certFile, renewed.cert);
    await writeFile(keyFile, renewed.key);
    now += 2000;
    expect(await whoami(rucio)).toBe('robot');
    expect(logins).toEqual(['ok', 'error', 'ok']);
  });

  test('with a proxy certificate', async () => {
    const proxyFile = await file(await setting.certificates.proxy(setting.robot, 'Robot'));
    const rucio = await connect({ type: 'x509_proxy', proxyFile });
    expect(rucio.credentials.expiresAt).toBeGreaterThan(Date.now());
    expect(await whoami(rucio)).toBe('robot');
  });

  test('with a certificate that nobody knows, or of another authority', async () => {
    const stranger = await setting.certificates.client('Nobody');
    const unknown = await connect({
      type: 'x509',
      certFile: await file(stranger.cert),
      keyFile: await file(stranger.key),
    });
    await expect(whoami(unknown)).rejects.toMatchObject({ code: 'LOGIN' });
    const elsewhere = await setting.directory();
    const foreign = await (await makeCertificates(elsewhere)).client('Robot');
    const untrusted = await connect({
      type: 'x509',
      certFile: await file(foreign.cert),
      keyFile: await file(foreign.key),
    });
    await expect(whoami(untrusted)).rejects.toMatchObject({
      code: 'RUCIO_DOWN',
      why: "It may not accept the robot's certificate.",
    });
  });

  test('with an SSH key, in PEM and in the form of OpenSSH', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await setting.addIdentity('SSH', sshPublicKey(publicKey));
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(await whoami(await connect({ type: 'ssh', privateKeyFile: await file(pem) }))).toBe(
      'robot',
    );
    const keys = join(__dirname, '../../support/keys');
    const privateKeyFile = join(keys, 'openssh-rsa');
    const stranger = await connect({ type: 'ssh', privateKeyFile });
    await expect(whoami(stranger)).rejects.toMatchObject({ code: 'LOGIN' });
    const openSshPublic = await readFile(join(keys, 'openssh-rsa.pub.pem'), 'utf8');
    await setting.addIdentity('SSH', sshPublicKey(openSshPublic));
    expect(await whoami(await connect({ type: 'ssh', privateKeyFile }))).toBe('robot');
  });

  const oidc = async (secret: string) => ({
    type: 'oidc' as const,
    tokenEndpoint: setting.provider.tokenEndpoint,
    clientIdFile: await file(ROBOT_CLIENT.id),
    clientSecretFile: await file(secret),
    scope: 'openid profile',
    audience: 'rucio',
  });

  test('with client credentials at an identity provider', async () => {
    const rucio = await connect(await oidc(ROBOT_CLIENT.secret));
    await expect(whoami(rucio)).rejects.toMatchObject({ code: 'LOGIN' });
    await setting.addIdentity('OIDC', `SUB=${ROBOT_CLIENT.id}, ISS=${setting.provider.issuer}`);
    expect(await whoami(await connect(await oidc(ROBOT_CLIENT.secret)))).toBe('robot');
  });

  test('with a wrong client secret: the provider refuses', async () => {
    await expect(whoami(await connect(await oidc('wrong')))).rejects.toMatchObject({
      code: 'LOGIN',
      what: "The identity provider of site real refused the robot's client credentials.",
    });
  });

  test('not by SAML, which this release has no more or is not configured for', async () => {
    const rucio = await connect({
      type: 'saml',
      identityProvider: 'https://127.0.0.1:1',
      usernameFile: await file('robot'),
      passwordFile: await file('robotpwd'),
    });
    await expect(whoami(rucio)).rejects.toMatchObject({
      code: 'LOGIN',
      what: expect.stringMatching(/has no SAML sign-in|does not begin a SAML sign-in/) as string,
    });
  });
});
