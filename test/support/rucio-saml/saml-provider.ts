import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

import { runCommand } from '../real-rucio/run-command';
import type { Certificates } from '../rucio-front/certificates';

/** What the identity provider knows somebody by. */
export interface SamlPerson {
  readonly username: string;
  readonly password: string;
  /** What it tells services. */
  readonly nameId: string;
}

/** A running SimpleSAMLphp, an identity provider of SAML 2.0, behind TLS. */
export interface SamlProvider {
  /** Its origin. */
  readonly url: string;
  readonly entityId: string;
  /** The certificate that its answers are checked with, in base64. */
  readonly certificate: string;
  /** Makes a service known to it. */
  trust(service: string): Promise<void>;
  stop(): Promise<void>;
}

export interface SamlProviderOptions {
  /** Where SimpleSAMLphp is installed. */
  readonly home: string;
  /** An empty directory for its configuration and its sessions. */
  readonly directory: string;
  readonly certificates: Certificates;
  readonly people: readonly SamlPerson[];
}

const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';

export async function startSamlProvider(options: SamlProviderOptions): Promise<SamlProvider> {
  const { home, directory, certificates, people } = options;
  const at = (name: string) => join(directory, name);
  await Promise.all(['metadata', 'state'].map((name) => mkdir(at(name))));
  const subject = ['-subj', '/CN=Test identity provider', '-days', '2', '-nodes'];
  const files = ['-keyout', at('signing.key'), '-out', at('signing.crt')];
  await runCommand('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...subject, ...files]);

  const php = spawn('php', ['-S', '127.0.0.1:0', '-t', join(home, 'www')], {
    env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: directory },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => php.kill('SIGKILL');
  process.once('exit', kill);
  const port = await portOf(php);
  const front = createServer(
    {
      cert: await readFile(certificates.host.certFile),
      key: await readFile(certificates.host.keyFile),
    },
    (client) => {
      const server = connect(port, '127.0.0.1');
      client.on('error', () => server.destroy());
      server.on('error', () => client.destroy());
      client.pipe(server).pipe(client);
    },
  );
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const url = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const entityId = `${url}/idp`;
  await writeConfiguration(directory, { url, entityId, people });
  const pem = await readFile(at('signing.crt'), 'utf8');
  return {
    url,
    entityId,
    certificate: pem.replaceAll(/-----[^-]+-----|\s/g, ''),
    trust: async (service) => {
      const metadata = { AssertionConsumerService: service, NameIDFormat: UNSPECIFIED };
      await writePhp(at('metadata/saml20-sp-remote.php'), 'metadata', { [service]: metadata });
    },
    stop: async () => {
      process.off('exit', kill);
      front.close();
      await once(front, 'close');
      const exit = once(php, 'exit');
      php.kill('SIGTERM');
      await exit;
    },
  };
}

async function portOf(php: ChildProcess): Promise<number> {
  let log = '';
  const failed = once(php, 'exit').then(() => {
    throw new Error(`PHP does not come up:\n${log}`);
  });
  failed.catch(() => undefined);
  const started = new Promise<number>((resolve) => {
    php.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = `${log}${text}`.slice(-10_000);
      const port = /\(http:\/\/127\.0\.0\.1:(\d+)\) started/.exec(log)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  return Promise.race([started, failed]);
}

interface Identity extends Pick<SamlProvider, 'url' | 'entityId'> {
  readonly people: readonly SamlPerson[];
}

async function writeConfiguration(
  directory: string,
  { url, entityId, people }: Identity,
): Promise<void> {
  const at = (name: string) => join(directory, name);
  const state = `${at('state')}/`;
  await writePhp(at('config.php'), 'config', {
    baseurlpath: `${url}/`,
    certdir: `${directory}/`,
    loggingdir: state,
    datadir: state,
    tempdir: state,
    metadatadir: `${at('metadata')}/`,
    secretsalt: 'of a test only',
    'auth.adminpassword': 'of a test only',
    technicalcontact_name: 'nobody',
    technicalcontact_email: 'nobody@example.org',
    timezone: 'UTC',
    'logging.handler': 'errorlog',
    'enable.saml20-idp': true,
    'module.enable': { exampleauth: true, core: true, saml: true },
    'store.type': 'phpsession',
    'session.phpsession.savepath': state,
    'session.cookie.secure': true,
  });
  const users = people.map(({ username, password, nameId }) => [
    `${username}:${password}`,
    { uid: [nameId] },
  ]);
  await writePhp(at('authsources.php'), 'config', {
    people: { 0: 'exampleauth:UserPass', ...(Object.fromEntries(users) as object) },
  });
  await writePhp(at('metadata/saml20-idp-hosted.php'), 'metadata', {
    [entityId]: {
      host: '__DEFAULT__',
      privatekey: 'signing.key',
      certificate: 'signing.crt',
      auth: 'people',
      'saml20.sign.assertion': true,
      authproc: { 20: { class: 'saml:AttributeNameID', attribute: 'uid', Format: UNSPECIFIED } },
    },
  });
}

/** A PHP file that sets a variable. */
async function writePhp(file: string, variable: string, value: unknown): Promise<void> {
  // In a PHP string in single quotes, only these two are special.
  const json = JSON.stringify(value).replaceAll(/[\\']/g, '\\$&');
  await writeFile(file, `<?php\n$${variable} = json_decode('${json}', true);\n`);
}
