import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { CA_FILE, KEY_FILE } from '../../test/support/tls/files';
import { ANSWERS } from '../tools/load/answers';
import { STUB_TOKEN } from './stub-token';

/**
 * A Rucio with TLS that answers after the same time, for many users: whoever begins a login has
 * signed in, as an account of their own. Prints its port. Runs in a process of its own,
 * `stub-rucio.ts <delay in ms>`.
 */
const delayMs = Number(process.argv[2] ?? 0);

/** Tokens by the keys of the logins. */
const sessions = new Map<string, string>();
/** Whose session each token is. */
const accounts = new Map<string, string>([[STUB_TOKEN, 'root']]);

function newToken(): string {
  const account = `user${accounts.size}`;
  const token = `${account}-`.padEnd(STUB_TOKEN.length, 'x');
  accounts.set(token, account);
  return token;
}

function login(path: string, query: string, token: string, response: ServerResponse): boolean {
  const { port } = server.address() as AddressInfo;
  switch (path) {
    case '/auth/userpass':
      response.setHeader('x-rucio-auth-token', newToken());
      response.setHeader('x-rucio-auth-token-expires', 'Tue, 01 Jan 2999 08:00:00 UTC');
      break;
    case '/auth/oidc': {
      const key = `abcdefghij${String(sessions.size).padStart(10, '0')}_polling`;
      sessions.set(key, newToken());
      response.setHeader(
        'x-rucio-oidc-auth-url',
        `https://127.0.0.1:${port}/auth/oidc_redirect?${key}`,
      );
      break;
    }
    case '/auth/oidc_redirect':
      response.setHeader('x-rucio-auth-token', sessions.get(query) ?? '');
      break;
    case '/auth/validate': {
      const account = accounts.get(token) ?? 'nobody';
      response.write(
        `{'account': '${account}', 'lifetime': datetime.datetime(2999, 1, 1, 8, 0), 'vo': 'def'}`,
      );
      break;
    }
    default:
      return false;
  }
  response.end();
  return true;
}

function answer(target: string, token: string, response: ServerResponse): void {
  const [path = '', query = ''] = target.split('?');
  if (login(path, query, token, response)) return;
  const [type, body] = ANSWERS[path] ?? ['text/html', ''];
  const isKnown = path === '/ping' || accounts.has(token);
  response.statusCode = body === '' ? 404 : isKnown ? 200 : 401;
  response.setHeader('content-type', type);
  response.end(isKnown ? body : '');
}

const server = createServer(
  { cert: readFileSync(CA_FILE), key: readFileSync(KEY_FILE) },
  (request, response) => {
    const target = request.url ?? '';
    const token = String(request.headers['x-rucio-auth-token'] ?? '');
    request.resume();
    setTimeout(() => answer(target, token, response), delayMs);
  },
);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
