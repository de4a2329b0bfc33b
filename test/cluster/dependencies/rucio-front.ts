import { X509Certificate, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, request } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import { SEED_IDENTITIES } from '../../../server/demo/seed-accounts';
import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { FRONT, ROBOTS, USER } from './rucio-people';

/**
 * The program of the Rucio pod: the demo Rucio behind TLS, with the ways to sign in that it lacks.
 * What they lead to are sessions of the demo; certificates are really checked. The identity provider
 * signs everybody in at once, since no browser can reach the pod.
 */
const file = (name: string) => readFileSync(`${FRONT.tlsDirectory}/${name}`, 'utf8');
const authority = new X509Certificate(file('ca.crt'));

interface Session {
  readonly token: string;
  readonly account: string;
  readonly expires: string;
}

const sessions = new Map<string, Session>();
const fetchKeys = new Set<string>();
const log = (how: string, who: string) => void process.stdout.write(`signed in: ${how} ${who}\n`);

/** A session of the demo, as a client of Rucio opens it. */
async function signIn(demo: string, username: string): Promise<Session> {
  const { password, accounts } = ROBOTS.find((robot) => robot.username === username) ?? USER;
  const [account = ''] = accounts;
  const response = await fetch(`${demo}/auth/userpass`, {
    headers: {
      'x-rucio-account': account,
      'x-rucio-username': username,
      'x-rucio-password': password,
    },
  });
  const token = response.headers.get('x-rucio-auth-token');
  const expires = response.headers.get('x-rucio-auth-token-expires');
  if (token === null || expires === null) throw new Error(`the demo answers ${response.status}`);
  const session = { token, account, expires };
  sessions.set(token, session);
  return session;
}

/** Hands out a session, or refuses. */
function send(response: ServerResponse, session: Session | undefined): void {
  if (session === undefined) {
    response.writeHead(401, { ExceptionClass: 'CannotAuthenticate' });
    response.end(
      '{"ExceptionClass": "CannotAuthenticate", "ExceptionMessage": "Cannot authenticate"}',
    );
    return;
  }
  const { token, account, expires } = session;
  response.setHeader('X-Rucio-Auth-Account', account);
  response.setHeader('X-Rucio-Auth-Token', token);
  response.setHeader('X-Rucio-Auth-Token-Expires', expires);
  response.end();
}

/** The common name of a certificate that our authority has signed, or of one that signed a proxy. */
function nameOf(socket: Socket, isProxy: boolean): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const peer = socket.getPeerCertificate(true);
  if (!('raw' in peer)) return undefined;
  const leaf = new X509Certificate(peer.raw);
  // The types promise an issuer, which a chain of one does not have.
  const issuer = peer.issuerCertificate as typeof peer | undefined;
  const owner = isProxy && issuer !== undefined ? new X509Certificate(issuer.raw) : leaf;
  if (isProxy && !leaf.verify(owner.publicKey)) return undefined;
  if (!owner.verify(authority.publicKey)) return undefined;
  return /^CN=(.+)$/m.exec(owner.subject)?.[1];
}

/** `{'account': 'jdoe', 'lifetime': datetime.datetime(2026, 1, 2, 3, 4, 5), 'vo': 'def'}` */
function pythonSession({ account, expires }: Session): string {
  const end = new Date(expires);
  const parts = [
    ...[end.getUTCFullYear(), end.getUTCMonth() + 1, end.getUTCDate()],
    ...[end.getUTCHours(), end.getUTCMinutes(), end.getUTCSeconds()],
  ];
  return `{'account': '${account}', 'lifetime': datetime.datetime(${parts.join(', ')}), 'vo': 'def'}`;
}

/** The session that a request asks for, or the answer that is none. */
async function answer(
  demo: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', query = ''] = (incoming.url ?? '').split('?');
  const header = (name: string) => String(incoming.headers[name] ?? '');
  const known = sessions.get(header('x-rucio-auth-token'));
  switch (path) {
    case '/auth/x509':
    case '/auth/x509_proxy': {
      const how = path.slice('/auth/'.length);
      const name = nameOf(incoming.socket, how === 'x509_proxy');
      const robot = ROBOTS.find(({ username }) => username === name);
      send(response, robot && (await signIn(demo, robot.username)));
      if (robot !== undefined) log(how, robot.username);
      break;
    }
    case '/auth/oidc': {
      const key = `${randomBytes(24).toString('hex')}_polling`;
      fetchKeys.add(key);
      const url = `https://${header('host')}/auth/oidc_redirect?${key}`;
      response.setHeader('X-Rucio-OIDC-Auth-URL', url);
      response.end();
      break;
    }
    case '/auth/oidc_redirect':
      send(response, fetchKeys.has(query) ? await signIn(demo, USER.username) : undefined);
      break;
    case '/auth/oidc_refresh':
      send(response, known && (await signIn(demo, USER.username)));
      break;
    case '/auth/validate':
      if (known === undefined) send(response, undefined);
      else response.end(pythonSession(known));
      break;
    default:
      forward(demo, incoming, response, path === '/auth/userpass');
  }
}

function forward(
  demo: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  isLogin: boolean,
): void {
  const { method, url, headers } = incoming;
  const upstream = request(new URL(url ?? '/', demo), { method, headers }, (answered) => {
    if (isLogin && answered.statusCode === 200) {
      log('userpass', String(headers['x-rucio-username']));
    }
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  incoming.pipe(upstream);
}

async function main(): Promise<void> {
  const { url } = await startDemoRucio({
    tokenLifeSeconds: Number(process.env[FRONT.sessionSeconds]),
    users: [...SEED_IDENTITIES.filter(({ username }) => username !== 'robot'), ...ROBOTS],
  });
  const options = { key: file('tls.key'), cert: file('tls.crt'), ca: file('ca.crt') };
  createServer(
    { ...options, requestCert: true, rejectUnauthorized: false },
    (incoming, response) => {
      answer(url, incoming, response).catch((error: unknown) => {
        process.stdout.write(`failed: ${String(error)}\n`);
        response.destroy();
      });
    },
  ).listen(FRONT.port);
  process.on('SIGTERM', () => process.exit(0));
}

void main();
