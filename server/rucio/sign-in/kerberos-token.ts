import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

import { ConfigError, type IssuePath } from '../../../lib/contract/issues';
import { codeOf } from '../error-code';

/**
 * The environment of the Kerberos library, complete: the process that uses it gets no other variable of
 * ours. `PATH` says where curl is.
 */
export type KerberosEnvironment = Readonly<Record<string, string>>;

export interface KerberosTokenOptions {
  /** Name of the server, without a port. Its principal is `HTTP/<host>`. */
  readonly host: string;
  readonly environment: KerberosEnvironment;
  /** Longest wait for the KDC, in milliseconds. The library itself can not be hurried. */
  readonly timeoutMs: number;
  /** Ends the wait at once. */
  readonly closing?: AbortSignal | undefined;
}

/** Why there is no token. */
export class KerberosError extends Error {
  /** What curl says the library said; empty when it did not get that far. Untrusted. */
  readonly words: string;
  readonly reason: KerberosFailure;

  constructor(
    message: string,
    { words = '', reason = 'refused', cause }: KerberosErrorOptions = {},
  ) {
    super(message, { cause });
    this.name = 'KerberosError';
    this.words = words;
    this.reason = reason;
  }
}

/** Whether Kerberos gave none, said nothing in time, could not be asked here, or the server stops. */
export type KerberosFailure = 'refused' | 'timeout' | 'notRun' | 'closing';

interface KerberosErrorOptions {
  readonly words?: string;
  readonly reason?: KerberosFailure;
  readonly cause?: unknown;
}

/** Where there is one; the usual small images have no curl at all. */
const FIX =
  'install a curl with GSS-API: Debian and Red Hat have it, and so has the full Debian image of Node ' +
  '(image.tag 24-trixie)';

/**
 * Makes sure that there is a curl that knows Kerberos.
 *
 * @param subject - what is wrong where there is none
 * @throws {ConfigError} when there is none
 */
export async function checkKerberosCommand(
  environment: KerberosEnvironment,
  { subject, path }: { readonly subject: string; readonly path: IssuePath },
): Promise<void> {
  const problem = (message: string) =>
    new ConfigError([{ path, message: `gss signs in by ${message}`, fix: FIX }], subject);
  const run = promisify(execFile)('curl', ['--disable', '--version'], {
    env: environment,
    timeout: 10_000,
  });
  const { stdout } = await run.catch((error: unknown) => {
    throw problem(`the command curl, which can not be run (${codeOf(error) || 'it failed'})`);
  });
  const features = /^Features:(.*)$/m.exec(stdout)?.[1]?.split(' ') ?? [];
  const knows = (name: string) => features.includes(name);
  if (!knows('SPNEGO') || !(knows('GSS-API') || knows('SSPI'))) {
    throw problem('the command curl, and the one on PATH is built without GSS-API');
  }
}

/** Room for the ticket of somebody in very many groups, which Active Directory lists in it. In bytes. */
const MAX_HEADER_BYTES = 131_072;
/** What is kept of curl's words. In characters. */
const MAX_WORDS = 65_536;
const NEGOTIATE = /^Negotiate [A-Za-z0-9+/]+={0,2}$/;

/**
 * A token of the system's own Kerberos library for one request to a server, as the value of an
 * `Authorization` header (RFC 4559).
 *
 * There is no Kerberos in Node. curl has it, and makes the token for the name in its URL, but is led to
 * a listener of ours on this computer, which takes the header and sends nothing on. So the request to
 * the server itself is made as all others are: with the same certification authorities, limits and
 * errors. curl never sees Rucio, and what it is told by standard input is no secret.
 *
 * @throws {KerberosError}
 */
export async function kerberosToken(options: KerberosTokenOptions): Promise<string> {
  // Another user of this computer could otherwise send a header of their own.
  const path = `/${randomBytes(16).toString('hex')}`;
  let header: string | undefined;
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, ({ url, headers }, response) => {
    if (url === path) header ??= headers.authorization;
    response.writeHead(url === path ? 204 : 404, { connection: 'close' }).end();
  });
  try {
    const port = await listen(server);
    const words = await runCurl(options, port, path);
    if (header !== undefined && NEGOTIATE.test(header)) return header;
    throw new KerberosError(`Kerberos gave no token: ${words || 'it does not say why'}`, { words });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    const text = `this computer has no port free (${codeOf(cause)})`;
    throw new KerberosError(text, { reason: 'notRun', cause });
  });
  return (server.address() as AddressInfo).port;
}

/** @returns what the library said went wrong; empty when nothing did */
function runCurl(
  { host, environment, timeoutMs, closing }: KerberosTokenOptions,
  port: number,
  path: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('curl', ['--disable', '--config', '-'], {
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe'],
      // A group of its own: what calls itself curl may have started the real one.
      detached: true,
    });
    let ending: KerberosError | undefined;
    const end = (error: KerberosError) => {
      ending ??= error;
      killGroup(child);
    };
    const late = `Kerberos did not answer within ${timeoutMs / 1000} s`;
    const timer = setTimeout(() => end(new KerberosError(late, { reason: 'timeout' })), timeoutMs);
    const stop = () => end(new KerberosError('the server stops', { reason: 'closing' }));
    const over = () => {
      clearTimeout(timer);
      closing?.removeEventListener('abort', stop);
    };
    // First of all: without it, a process that can not be made would end this one.
    child.once('error', (cause) => {
      over();
      reject(
        new KerberosError(`curl could not be run (${codeOf(cause)})`, { reason: 'notRun', cause }),
      );
    });
    let output = '';
    child.once('close', (code, signal) => {
      over();
      if (ending !== undefined) reject(ending);
      else if (signal !== null) {
        reject(new KerberosError(`curl was ended by ${signal}`, { reason: 'notRun' }));
      } else {
        const words = wordsOf(output);
        resolve(words === '' && code !== 0 ? `curl ended with code ${code ?? 0}` : words);
      }
    });
    // A process that was not made has none of them.
    const { stdin, stderr } = child as {
      stdin: Writable | undefined;
      stderr: Readable | undefined;
    };
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, MAX_WORDS);
    });
    stdin?.on('error', () => undefined); // It may have ended already.
    stdin?.end(configFor(host, port, path));
    if (closing?.aborted === true) stop();
    else closing?.addEventListener('abort', stop, { once: true });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** What curl is to do; one option a line. */
function configFor(host: string, port: number, path: string): string {
  return [
    `url = "http://${host}${path}"`,
    `connect-to = "::127.0.0.1:${port}"`,
    'noproxy = "*"',
    'proto = "=http"',
    'http1.1',
    'negotiate',
    'user = ":"',
    // The only place where curl says what the library said.
    'verbose',
    'silent',
    '',
  ].join('\n');
}

/** Lines of curl's own begin so; those with a header that was sent or received do not. */
const FAILURE = /^\* [^\n]*(?:gss_\w+\(\)|SecurityContext) failed: ([^\r\n]*)/m;

function wordsOf(output: string): string {
  return FAILURE.exec(output)?.[1]?.trim() ?? '';
}
