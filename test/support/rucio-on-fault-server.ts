import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../../lib/contract/sites';
import { type Rucio, type RucioDeps, createRucio } from '../../server/rucio/client';
import { type Behaviour, type FaultServer, startFaultServer } from './fault-server';

/** A certificate for 127.0.0.1 that signs itself; good until 2126. */
const CA_FILE = join(__dirname, 'tls/loopback-cert.pem');

async function loopbackCertificate(): Promise<{ key: string; cert: string }> {
  const key = await readFile(join(__dirname, 'tls/loopback-key.pem'), 'utf8');
  return { key, cert: await readFile(CA_FILE, 'utf8') };
}

export interface RucioOnFaultServer extends Rucio {
  readonly server: FaultServer;
  readonly site: Site;
  /** Where the robot's credentials are. */
  readonly directory: string;
}

export interface FixtureOptions extends RucioDeps {
  readonly rucioSeconds?: number;
  readonly rucioConnections?: number;
  /** Whether the server speaks TLS, and whether the client is given its certification authority. */
  readonly tls?: 'trusted' | 'untrusted';
  /** Path of the base URL. */
  readonly prefix?: string;
}

/**
 * The real client against a server that misbehaves on demand and signs in by default. Closed by
 * `close`.
 */
export async function rucioOnFaultServer(
  options: FixtureOptions = {},
): Promise<RucioOnFaultServer> {
  const { rucioSeconds = 20, rucioConnections = 32, prefix = '', tls, ...deps } = options;
  const server = await startFaultServer({ tls: tls && (await loopbackCertificate()) });
  server.on(`GET ${prefix}/auth/userpass`, login());
  const directory = await mkdtemp(join(tmpdir(), 'rucio-client-'));
  const usernameFile = join(directory, 'username');
  const passwordFile = join(directory, 'password');
  await writeFile(usernameFile, 'robot\n');
  await writeFile(passwordFile, 'not-so-secret\n');
  const url = `${server.url}${prefix}`;
  const site = Site.parse({
    name: 'test',
    rucioHost: url,
    authHost: url,
    ...(tls === 'trusted' ? { caFile: CA_FILE } : {}),
  });
  const { client, credentials, close } = await createRucio(
    site,
    { account: 'robot', credentials: { type: 'userpass', usernameFile, passwordFile } },
    { rucioSeconds, rucioConnections },
    deps,
  );
  return {
    client,
    credentials,
    server,
    site,
    directory,
    close: async () => {
      await close();
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Each login gives another token: `token-1`, `token-2`, … */
export function login(lifeSeconds = 3600): Behaviour {
  let logins = 0;
  return ({ response }) => {
    logins += 1;
    const expires = new Date(Date.now() + lifeSeconds * 1000);
    response.writeHead(200, {
      'x-rucio-auth-token': `token-${logins}`,
      'x-rucio-auth-token-expires': expires.toUTCString().replace('GMT', 'UTC'),
    });
    response.end();
  };
}

/** A signal that is never aborted, in the form of call options. */
export function options(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

/** All rows of a list. */
export async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}
