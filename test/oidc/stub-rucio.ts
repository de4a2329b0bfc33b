import { readFileSync } from 'node:fs';

import { type FaultServer, json, rucioError, startFaultServer } from '../support/fault-server';
import { CA_FILE, KEY_FILE } from '../support/tls/files';

/** Answers what the login asks of a Rucio, as told; for attacks that a real one can not play. */
export interface StubRucio {
  readonly server: FaultServer;
  readonly url: string;
  /** From now on the user has signed in, as this account. */
  signIn(account: string, token?: string): void;
  /** From now on Rucio does not know any session. */
  endSessions(): void;
  readonly close: () => Promise<void>;
}

export const STUB_TOKEN = 'stub-rucio-session-token-0123456789';
export const FETCH_KEY = 'abcdefghij0123456789abc_polling';

export async function startStubRucio(): Promise<StubRucio> {
  const server = await startFaultServer({
    tls: { key: readFileSync(KEY_FILE, 'utf8'), cert: readFileSync(CA_FILE, 'utf8') },
  });
  const notYet = rucioError(401, 'CannotAuthenticate', 'Cannot finalize your token request');
  server.on('GET /auth/oidc', ({ response }) => {
    response.setHeader('X-Rucio-OIDC-Auth-URL', `${server.url}/auth/oidc_redirect?${FETCH_KEY}`);
    response.end();
  });
  server.on('GET /auth/oidc_redirect', notYet);
  const signIn = (account: string, token = STUB_TOKEN) => {
    server.on('GET /auth/oidc_redirect', ({ response }) => {
      response.setHeader('X-Rucio-Auth-Token', token);
      response.end();
    });
    server.on('GET /auth/oidc_refresh', ({ response }) => {
      response.setHeader('X-Rucio-Auth-Token', token);
      response.end();
    });
    server.on('GET /auth/validate', ({ response }) => {
      response.end(
        `{'account': '${account}', 'lifetime': datetime.datetime(2999, 1, 1, 8, 0), 'vo': 'def'}`,
      );
    });
    server.on('GET /accounts/whoami', ({ response }) => {
      response.writeHead(303, { location: account });
      response.end();
    });
    const row = {
      account,
      account_type: 'USER',
      status: 'ACTIVE',
      email: 'a@example.org',
      created_at: '2026-01-01T00:00:00',
      updated_at: '2026-01-01T00:00:00',
      suspended_at: null,
      deleted_at: null,
    };
    server.on(`GET /accounts/${account}`, json(row));
    server.on('GET /ping', json({ version: '41.5.1' }));
  };
  return {
    server,
    url: server.url,
    signIn,
    endSessions: () => {
      const unknown = rucioError(401, 'CannotAuthenticate', 'Cannot authenticate');
      for (const { rawPath } of server.requests) server.on(`GET ${rawPath}`, unknown);
      server.on('GET /scopes/', unknown);
      server.on('GET /auth/validate', unknown);
      server.on('GET /auth/oidc_refresh', ({ response }) => void response.end());
    },
    close: () => server.close(),
  };
}
