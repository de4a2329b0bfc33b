import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type TLSSocket, connect as connectTls } from 'node:tls';

import { Agent, request } from 'undici';

import { isLoopbackHost } from '../../lib/contract/sites';
import { ConfigError } from '../../lib/contract/issues';
import { AppError } from '../errors';
import { codeOf } from '../rucio/error-code';
import { versionNote } from '../rucio/supported-versions';
import { providerAuthorities } from '../rucio/token-source';
import { caBundle } from '../stdio/certification-authorities';
import { localRucio } from '../stdio/local-rucio';
import type { Finding as AnyFinding } from './doctor-cluster/finding';
import type { LocalSettings } from './local-settings';

/** What one check of this computer has found. */
export type Finding = AnyFinding<
  'configuration' | 'dns' | 'tls' | 'version' | 'clock' | 'credentials' | 'login'
>;

export interface DoctorOptions {
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Beyond this, sessions and signatures are refused. In milliseconds. */
const LARGEST_SKEW_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Looks for what keeps this computer from working with Rucio, in the order in which things have to
 * work. Stops where the rest would say the same again.
 */
export async function* examine(
  settings: LocalSettings,
  options: DoctorOptions,
): AsyncGenerator<Finding> {
  const { site, account, credentials, file } = settings;
  yield ok(
    'configuration',
    `${file ?? 'no rucio.cfg'}: ${site.rucioHost} as ${account}, by ${credentials.type}`,
  );
  let ca: string | undefined;
  try {
    const bundle = caBundle(settings.ca);
    ca = bundle.file === undefined ? undefined : readFileSync(bundle.file, 'utf8');
    bundle.remove();
  } catch (error) {
    const text = `the certification authorities at ${settings.ca ?? ''} can not be read (${reason(error)})`;
    yield problem('tls', text, 'set X509_CERT_DIR, or ca_cert in [client] of rucio.cfg');
    return;
  }
  let reachable = true;
  const hosts = new Map(
    [site.rucioHost, site.authHost].map((url) => [url, ca === undefined ? undefined : [ca]]),
  );
  if (credentials.type === 'saml') {
    hosts.set(credentials.identityProvider, providerAuthorities(ca));
  }
  for (const [url, authorities] of hosts) {
    for (const finding of await examineHost(new URL(url), authorities, options)) {
      yield finding;
      reachable &&= finding.status !== 'problem';
    }
  }
  if (!reachable) return;
  const findings = await examineServer(site.rucioHost, ca, options);
  yield* findings;
  if (findings.some(({ check, status }) => check === 'version' && status === 'problem')) return;
  yield* examineCredentials(settings, options);
}

function ok(check: Finding['check'], text: string): Finding {
  return { check, status: 'ok', text };
}

function problem(check: Finding['check'], text: string, remedy: string): Finding {
  return { check, status: 'problem', text, remedy };
}

function warning(check: Finding['check'], text: string, remedy: string): Finding {
  return { check, status: 'warning', text, remedy };
}

function reason(error: unknown): string {
  const code = codeOf(error);
  return code === '' ? (error instanceof Error ? error.message : 'unknown error') : code;
}

async function examineHost(
  url: URL,
  ca: string[] | undefined,
  { timeoutMs, clock }: DoctorOptions,
): Promise<readonly Finding[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    await lookup(host);
  } catch (error) {
    const remedy = 'check the spelling of the host, the network, and whether a VPN is needed';
    return [problem('dns', `${host} has no address (${reason(error)})`, remedy)];
  }
  const found = ok('dns', `${host} has an address`);
  try {
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    if (url.protocol === 'http:') {
      await opened(connectTcp({ host, port }), 'connect', timeoutMs);
      const where = isLoopbackHost(url.hostname) ? 'this computer' : 'the network';
      return [found, ok('tls', `${url.host} answers, without TLS, on ${where}`)];
    }
    // RFC 6066 section 3: an address is no server name.
    const servername = isIP(host) === 0 ? host : '';
    const socket = connectTls({ host, port, servername, ...(ca === undefined ? {} : { ca }) });
    return [
      found,
      await opened(socket, 'secureConnect', timeoutMs, () => certificate(socket, url, clock())),
    ];
  } catch (error) {
    return [found, connectionProblem(url, error)];
  }
}

function certificate(socket: TLSSocket, url: URL, now: number): Finding {
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  const days = Math.floor((end - now) / DAY_MS);
  const text = `${url.host} has a trusted certificate, good for ${days} more days`;
  if (days >= 7) return ok('tls', text);
  return warning('tls', text, 'tell the people who run this Rucio');
}

/** Problems that a computer has with a server's certificate, by what OpenSSL calls them. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS/;

function connectionProblem(url: URL, error: unknown): Finding {
  const why = reason(error);
  if (UNTRUSTED.test(why)) {
    return problem(
      'tls',
      `the certificate of ${url.host} is not trusted (${why})`,
      'name the certification authorities by X509_CERT_DIR, or ca_cert in [client] of rucio.cfg',
    );
  }
  return problem(
    'tls',
    `${url.host} does not answer (${why})`,
    'check the port, the firewall, and whether the server is up',
  );
}

/** Waits until a socket is ready, then closes it. */
async function opened<T = undefined>(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  timeoutMs: number,
  look?: () => T,
): Promise<T> {
  try {
    return await new Promise<T>((resolve, reject) => {
      socket.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
      socket.once('error', reject);
      socket.once(event, () => resolve(look?.() as T));
    });
  } finally {
    socket.destroy();
  }
}

async function examineServer(
  baseUrl: string,
  ca: string | undefined,
  { timeoutMs, clock }: DoctorOptions,
): Promise<readonly Finding[]> {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  try {
    const { statusCode, headers, body } = await request(`${baseUrl.replace(/\/$/, '')}/ping`, {
      dispatcher,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const version = /"version":\s*"([\w.]+)"/.exec(await body.text())?.[1];
    if (statusCode !== 200 || version === undefined) {
      const text = `${baseUrl}/ping answers ${statusCode}, and not as Rucio does`;
      const remedy = 'check rucio_host: it is the address of the REST server, not of the web pages';
      return [problem('version', text, remedy)];
    }
    return [examineVersion(version), examineClock(headers['date'], clock())];
  } catch (error) {
    const remedy = 'try again in a minute; the server may be overloaded';
    return [problem('version', `${baseUrl}/ping does not answer (${reason(error)})`, remedy)];
  } finally {
    await dispatcher.close();
  }
}

function examineVersion(version: string): Finding {
  const note = versionNote(version);
  if (note === undefined) return ok('version', `Rucio ${version}`);
  const remedy =
    'some tools may fail or answer wrongly: update the older of the two, Rucio or rucio-mcp';
  return warning('version', `Rucio ${version}: ${note}`, remedy);
}

function examineClock(date: string | string[] | undefined, now: number): Finding {
  const server = Date.parse(String(date));
  if (Number.isNaN(server)) return ok('clock', 'the server does not tell its time');
  const seconds = Math.round(Math.abs(now - server) / 1000);
  if (Math.abs(now - server) <= LARGEST_SKEW_MS) {
    return ok('clock', "this computer's clock agrees with the server's");
  }
  const text = `this computer's clock differs from the server's by ${seconds} s`;
  return problem('clock', text, 'set the clock, best by a time service such as NTP');
}

async function* examineCredentials(
  settings: LocalSettings,
  { timeoutMs, clock }: DoctorOptions,
): AsyncGenerator<Finding> {
  let rucio;
  try {
    rucio = await localRucio(settings);
  } catch (error) {
    yield credentialProblem(error);
    return;
  }
  try {
    if (rucio.expiresAt !== undefined) {
      const hours = Math.floor((rucio.expiresAt - clock()) / 3_600_000);
      const text = `the certificate is good for ${hours} more hours`;
      yield hours >= 2
        ? ok('credentials', text)
        : warning('credentials', text, 'renew it, for example with voms-proxy-init');
    }
    const { account } = await rucio.client.accounts.whoami({
      signal: AbortSignal.timeout(timeoutMs),
    });
    yield ok('login', `signed in at Rucio as ${account}`);
  } catch (error) {
    yield loginProblem(error, settings);
  } finally {
    await rucio.close();
  }
}

function credentialProblem(error: unknown): Finding {
  if (error instanceof ConfigError) {
    const [issue] = error.issues;
    return problem('credentials', issue?.message ?? error.message, issue?.fix ?? 'check the file');
  }
  return problem('credentials', reason(error), 'check the files that the configuration names');
}

function loginProblem(error: unknown, { credentials, account }: LocalSettings): Finding {
  const text = error instanceof AppError ? error.what : reason(error);
  // What Kerberos needs is told by what it says.
  if (credentials.type === 'gss' && error instanceof AppError) {
    return problem('login', `${text} ${error.why ?? ''}`.trimEnd(), error.next);
  }
  return problem(
    'login',
    text,
    `check ${'password' in credentials ? 'username and password' : 'the credentials'}, ` +
      `and that they belong to the account ${account}`,
  );
}
