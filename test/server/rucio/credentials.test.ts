import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigError } from '../../../lib/contract/issues';
import type { RobotCredentials } from '../../../lib/contract/server-document';
import { Site } from '../../../lib/contract/sites';
import { createRucio } from '../../../server/rucio/client';
import { parseOpenSshRsaKey } from '../../../server/rucio/sign-in/openssh-key';
import { signChallenge } from '../../../server/rucio/sign-in/ssh';

const KEYS = join(__dirname, '../../support/keys');
const CERTIFICATE = join(__dirname, '../../support/tls/loopback-cert.pem');
const CERTIFICATE_KEY = join(__dirname, '../../support/tls/loopback-key.pem');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rucio-credentials-'));
});
afterAll(() => rm(directory, { recursive: true }));

let files = 0;
async function fileWith(content: string): Promise<string> {
  files += 1;
  const path = join(directory, `file-${files}`);
  await writeFile(path, content);
  return path;
}

/** Starts with credentials, as the server does. */
async function start(credentials: RobotCredentials, now?: string) {
  const url = 'http://127.0.0.1:1';
  const rucio = await createRucio(
    Site.parse({ name: 'test', rucioHost: url, authHost: url }),
    { account: 'robot', credentials },
    { rucioSeconds: 1, rucioConnections: 1 },
    now === undefined ? {} : { clock: () => Date.parse(now) },
  );
  await rucio.close();
  return rucio.credentials;
}

/** The one problem that the start complains about. */
async function problem(credentials: RobotCredentials, now?: string) {
  const error: unknown = await start(credentials, now).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error(`not a ConfigError: ${String(error)}`);
  expect(error.issues).toHaveLength(1);
  const [issue] = error.issues;
  return { field: issue?.path.at(-1), message: issue?.message, text: error.message };
}

describe('credentials at start: userpass', () => {
  it('is content with two files of one line', async () => {
    const [usernameFile, passwordFile] = [await fileWith('robot\n'), await fileWith('pässword\n')];
    await expect(start({ type: 'userpass', usernameFile, passwordFile })).resolves.toEqual({});
  });

  it.each([
    ['a missing file', undefined, /can not be read \(ENOENT\)/],
    ['an empty file', '\n', /is empty/],
    ['a large file', 'x'.repeat(70_000), /too large/],
    ['two lines', 'hunter2\nX-Evil: b', /can not be sent in an HTTP header/],
    ['characters beyond Latin-1', 'hunter2日本', /can not be sent in an HTTP header/],
  ])('names the file: %s', async (_title, content, expected) => {
    const usernameFile = await fileWith('robot');
    const passwordFile =
      content === undefined ? join(directory, 'missing') : await fileWith(content);
    const found = await problem({ type: 'userpass', usernameFile, passwordFile });
    expect(found.field).toBe('passwordFile');
    expect(found.message).toContain(passwordFile);
    expect(found.message).toMatch(expected);
    expect(found.text).not.toContain('hunter2');
  });
});

describe('credentials at start: x509', () => {
  const pair = { type: 'x509', certFile: CERTIFICATE, keyFile: CERTIFICATE_KEY } as const;

  it('tells when the certificate ends', async () => {
    const { expiresAt } = await start(pair);
    expect(new Date(expiresAt ?? 0).getUTCFullYear()).toBe(2126);
  });

  it('takes certificate and key in one file for a proxy', async () => {
    const both = (await readFile(CERTIFICATE, 'utf8')) + (await readFile(CERTIFICATE_KEY, 'utf8'));
    await expect(
      start({ type: 'x509_proxy', proxyFile: await fileWith(both) }),
    ).resolves.toMatchObject({ expiresAt: expect.any(Number) as unknown });
  });

  it.each([
    ['2127-01-01T00:00Z', /expired on 2126-/],
    ['2001-01-01T00:00Z', /is not valid before 20/],
  ])('refuses one that is not valid at %s', async (now, expected) => {
    const found = await problem(pair, now);
    expect(found.field).toBe('certFile');
    expect(found.message).toMatch(expected);
  });

  it('refuses a key of another certificate', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keyFile = await fileWith(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const found = await problem({ ...pair, keyFile });
    expect(found).toMatchObject({ field: 'keyFile' });
    expect(found.message).toContain('does not belong to the certificate');
  });

  it('refuses a key with a passphrase', async () => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: {
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'hunter2',
      },
    });
    const found = await problem({ ...pair, keyFile: await fileWith(privateKey) });
    expect(found.message).toContain('has a key with a passphrase');
  });

  it.each([
    ['no PEM at all', 'hello', 'has no certificate in PEM form'],
    [
      'a damaged certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'has no certificate in PEM form',
    ],
  ])('refuses %s', async (_title, content, expected) => {
    const found = await problem({ ...pair, certFile: await fileWith(content) });
    expect(found).toMatchObject({ field: 'certFile' });
    expect(found.message).toContain(expected);
  });

  it('refuses a proxy without its key', async () => {
    const found = await problem({ type: 'x509_proxy', proxyFile: CERTIFICATE });
    expect(found).toMatchObject({ field: 'proxyFile' });
    expect(found.message).toContain('has no private key');
  });
});

describe('credentials at start: ssh', () => {
  const started = async (privateKeyFile: string) => start({ type: 'ssh', privateKeyFile });

  it.each(['pkcs1', 'pkcs8'] as const)('takes an RSA key in PEM: %s', async (type) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type, format: 'pem' }).toString();
    await expect(started(await fileWith(pem))).resolves.toEqual({});
  });

  it("takes an RSA key in OpenSSH's form, which signs like its PEM", async () => {
    const file = join(KEYS, 'openssh-rsa');
    await expect(started(file)).resolves.toEqual({});
    const key = parseOpenSshRsaKey(await readFile(file, 'utf8'));
    const blob = Buffer.from(signChallenge('challenge-1', key), 'base64');
    expect(blob.subarray(0, 16).toString('latin1')).toBe('\0\0\0\x0crsa-sha2-256');
    expect(blob.readUInt32BE(16)).toBe(256);
    const publicKey = await readFile(join(KEYS, 'openssh-rsa.pub.pem'), 'utf8');
    const signature = blob.subarray(20);
    expect(verify('sha256', Buffer.from('challenge-1'), publicKey, signature)).toBe(true);
  });

  it.each([
    ['openssh-rsa-passphrase', 'has a passphrase'],
    ['openssh-ed25519', 'is not an RSA key'],
  ])('refuses %s', async (name, expected) => {
    const privateKeyFile = join(KEYS, name);
    const found = await problem({ type: 'ssh', privateKeyFile });
    expect(found).toMatchObject({ field: 'privateKeyFile' });
    expect(found.message).toContain(expected);
    expect(found.text).toContain('ssh-keygen -t rsa');
  });

  it('refuses a cut off key, another kind of PEM, and none', async () => {
    const whole = await readFile(join(KEYS, 'openssh-rsa'), 'utf8');
    const lines = whole.split('\n');
    const cut = [...lines.slice(0, 5), ...lines.slice(-2)].join('\n');
    const { privateKey } = generateKeyPairSync('ed25519');
    const ed25519 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const found = async (content: string) =>
      (await problem({ type: 'ssh', privateKeyFile: await fileWith(content) })).message;
    expect(await found(cut)).toContain('has a damaged OpenSSH key');
    expect(await found(ed25519)).toContain('is not an RSA key but ed25519');
    expect(await found('hunter2')).toContain('has no private key in PEM form');
  });
});
