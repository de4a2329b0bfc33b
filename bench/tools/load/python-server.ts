import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { request } from 'undici';

import { freePorts } from '../../../scripts/pod/free-ports';
import { type Endpoint, waitForHttp } from './endpoint';
import { PYTHON_SERVER_VERSION, installPythonServer } from './install-python-server';
import { startProgram } from './process';
import { LOAD_AGENT } from './target';

const CACHE = join(import.meta.dirname, '../../../.cache');
const SITE = 'escape';
const PROTOCOL = '2025-11-25';

/**
 * The Python server from PyPI, installed into `.cache/` on first use.
 *
 * @returns undefined, with the reason on standard error, where it can not be had
 */
export async function startPythonServer(rucioUrl: string): Promise<Endpoint | undefined> {
  try {
    return await startPythonServerIn(await installPythonServer(CACHE), rucioUrl);
  } catch (error) {
    console.error(`without the Python server: ${String(error).split('\n')[0] ?? ''}`);
    return undefined;
  }
}

/** Whom the server signs in as. */
export interface PythonServerAccount {
  readonly account: string;
  readonly username: string;
  readonly password: string;
}

const ROOT: PythonServerAccount = { account: 'root', username: 'root', password: 'secret' };

/**
 * Starts the Python server of an environment, in the mode that has one Rucio account for all callers.
 *
 * @param environment - what {@link installPythonServer} returned
 * @throws {Error} with its last words when it does not come up
 */
export async function startPythonServerIn(
  environment: string,
  rucioUrl: string,
  { account, username, password }: PythonServerAccount = ROOT,
): Promise<Endpoint> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-bench-python-'));
  await writeFile(
    join(directory, 'rucio.cfg'),
    [
      '[client]',
      `rucio_host = ${rucioUrl}`,
      `auth_host = ${rucioUrl}`,
      'auth_type = userpass',
      `username = ${username}`,
      `password = ${password}`,
      `account = ${account}`,
      `auth_token_file_path = ${join(directory, 'token')}`,
      '',
    ].join('\n'),
  );
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const bearer = randomBytes(24).toString('hex');
  const base = `http://127.0.0.1:${port}`;
  const args = [
    'serve',
    ...['--transport', 'http', '--host', '127.0.0.1', '--port', String(port)],
    ...['--metrics-port', String(metricsPort), '--resource-url', base, '--site', SITE],
    ...['--shared-secret', bearer, '--auth-type', 'userpass'],
    ...['--rucio-cfg', join(directory, 'rucio.cfg'), '--log-level', 'warning'],
  ];
  const program = startProgram(join(environment, 'bin/rucio-mcp'), args, {
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      RUCIO_CONFIG: join(directory, 'rucio.cfg'),
      RUCIO_AUTH_TYPE: 'userpass',
      RUCIO_ACCOUNT: account,
    },
  });
  const url = `${base}/site/${SITE}/`;
  try {
    await waitForHttp(`${base}/healthz`, program);
    const headers = await openSession(url, { authorization: `Bearer ${bearer}` });
    return {
      name: `Python ${PYTHON_SERVER_VERSION}`,
      url,
      headers,
      revisions: ['2025-11-25'],
      program,
      stop: async () => {
        await program.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** The handshake of 2025; the session goes with every call. */
async function openSession(
  url: string,
  authorization: Record<string, string>,
): Promise<Record<string, string>> {
  const base = {
    ...authorization,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const post = (body: object, headers: Record<string, string>) =>
    request(url, { method: 'POST', dispatcher: LOAD_AGENT, headers, body: JSON.stringify(body) });
  const params = {
    protocolVersion: PROTOCOL,
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  };
  const first = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, base);
  await first.body.dump();
  const session = first.headers['mcp-session-id'];
  const headers = {
    ...authorization,
    'mcp-protocol-version': PROTOCOL,
    ...(typeof session === 'string' ? { 'mcp-session-id': session } : {}),
  };
  const second = await post(
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { ...base, ...headers },
  );
  await second.body.dump();
  return headers;
}
