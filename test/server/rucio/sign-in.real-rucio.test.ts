import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RobotCredentials } from '../../../lib/contract/server-document';
import { Site } from '../../../lib/contract/sites';
import { type Rucio, type RucioDeps, createRucio } from '../../../server/rucio/client';
import { tokenFor } from '../../rucio-contract/answer';
import { type RealRucio, startRealRucio } from '../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../support/requirements';
import {
  type Certificates,
  type KeyPair,
  makeCertificates,
} from '../../support/rucio-front/certificates';
import {
  ROBOT_CLIENT,
  type RobotProvider,
  rucioConfigurationFor,
  startRobotProvider,
} from '../../support/rucio-front/robot-provider';
import { type Front, startFront } from '../../support/rucio-front/start-front';
import { options } from '../../support/rucio-on-fault-server';
import { sshPublicKey } from '../../support/ssh-public-key';

const HOUR_MS = 3600_000;

describeWith('real-rucio', 'the robot signs in at a real Rucio', (directory) => {
  let real: RealRucio;
  let front: Front;
  let certificates: Certificates;
  let provider: RobotProvider;
  let robot: KeyPair;
  let files: string;

  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), 'rucio-sign-in-'));
    certificates = await makeCertificates(files);
    robot = await certificates.client('Robot');
    real = await startRealRucio(directory);
    provider = await startRobotProvider(certificates);
    const configuration = await rucioConfigurationFor(provider, files);
    front = await startFront(real, { directory, certificates, configuration });
    await addIdentity('X509', 'CN=Robot,O=Demo');
  }, 120_000);

  afterAll(async () => {
    await front.stop();
    await provider.stop();
    await real.stop();
    await rm(files, { recursive: true });
  });

  async function addIdentity(authtype: string, identity: string): Promise<void> {
    const response = await fetch(`${real.url}/accounts/robot/identities`, {
      method: 'POST',
      headers: { 'x-rucio-auth-token': await tokenFor(real.url, 'root') },
      body: JSON.stringify({ identity, authtype, email: 'robot@example.org', default: true }),
    });
    if (response.status !== 201) throw new Error(await response.text());
  }

  let written = 0;
  async function file(content: string): Promise<string> {
    written += 1;
    const path = join(files, `secret-${written}`);
    await writeFile(path, content);
    return path;
  }

  const opened: Rucio[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((rucio) => rucio.close()));
  });
  async function connect(credentials: RobotCredentials, deps: RucioDeps = {}): Promise<Rucio> {
    const rucio = await createRucio(
      Site.parse({
        name: 'real',
        rucioHost: credentials.type === 'oidc' ? front.url : real.url,
        authHost: front.url,
        caFile: certificates.caFile,
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
    const [certFile, keyFile] = [await file(robot.cert), await file(robot.key)];
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

    const stranger = await certificates.client('Stranger');
    await writeFile(certFile, stranger.cert);
    await writeFile(keyFile, stranger.key);
    now += HOUR_MS;
    await expect(whoami(rucio)).rejects.toMatchObject({ code: 'LOGIN' });
    expect(reloads.sort()).toEqual(['rucio-certificate ok', 'rucio-key ok']);

    const renewed = await certificates.client('Robot');
    await writeFile(certFile, renewed.cert);
    await writeFile(keyFile, renewed.key);
    now += 2000;
    expect(await whoami(rucio)).toBe('robot');
    expect(logins).toEqual(['ok', 'error', 'ok']);
  });

  test('with a proxy certificate', async () => {
    const proxyFile = await file(await certificates.proxy(robot, 'Robot'));
    const rucio = await connect({ type: 'x509_proxy', proxyFile });
    expect(rucio.credentials.expiresAt).toBeGreaterThan(Date.now());
    expect(await whoami(rucio)).toBe('robot');
  });

  test('with a certificate that nobody knows, or of another authority', async () => {
    const stranger = await certificates.client('Nobody');
    const unknown = await connect({
      type: 'x509',
      certFile: await file(stranger.cert),
      keyFile: await file(stranger.key),
    });
    await expect(whoami(unknown)).rejects.toMatchObject({ code: 'LOGIN' });
    const elsewhere = await mkdtemp(join(files, 'other-'));
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
    await addIdentity('SSH', sshPublicKey(publicKey));
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(await whoami(await connect({ type: 'ssh', privateKeyFile: await file(pem) }))).toBe(
      'robot',
    );
    const keys = join(__dirname, '../../support/keys');
    const privateKeyFile = join(keys, 'openssh-rsa');
    const stranger = await connect({ type: 'ssh', privateKeyFile });
    await expect(whoami(stranger)).rejects.toMatchObject({ code: 'LOGIN' });
    const openSshPublic = await readFile(join(keys, 'openssh-rsa.pub.pem'), 'utf8');
    await addIdentity('SSH', sshPublicKey(openSshPublic));
    expect(await whoami(await connect({ type: 'ssh', privateKeyFile }))).toBe('robot');
  });

  const oidc = async (secret: string) => ({
    type: 'oidc' as const,
    tokenEndpoint: provider.tokenEndpoint,
    clientIdFile: await file(ROBOT_CLIENT.id),
    clientSecretFile: await file(secret),
    scope: 'openid profile',
    audience: 'rucio',
  });

  test('with client credentials at an identity provider', async () => {
    const rucio = await connect(await oidc(ROBOT_CLIENT.secret));
    await expect(whoami(rucio)).rejects.toMatchObject({ code: 'LOGIN' });
    await addIdentity('OIDC', `SUB=${ROBOT_CLIENT.id}, ISS=${provider.issuer}`);
    expect(await whoami(await connect(await oidc(ROBOT_CLIENT.secret)))).toBe('robot');
  });

  test('with a wrong client secret: the provider refuses', async () => {
    await expect(whoami(await connect(await oidc('wrong')))).rejects.toMatchObject({
      code: 'LOGIN',
      what: "The identity provider of site real refused the robot's client credentials.",
    });
  });
});
