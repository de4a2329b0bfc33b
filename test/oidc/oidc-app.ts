import { createHash, randomBytes } from 'node:crypto';

import type { ServerDocument } from '../../lib/contract/server-document';
import { Site } from '../../lib/contract/sites';
import { type App, type AppDeps, buildApp } from '../../server/app';
import { freePorts } from '../../scripts/pod/free-ports';
import { Metrics } from '../../server/plugins/metrics';
import { testDocument } from '../support/test-document';
import { type SeenPage, linkOf } from './browser';
import { CA_FILE } from '../support/tls/files';

/** Where the tests' own client wants its answers; nobody listens there. */
export const CALLBACK = 'http://127.0.0.1:1/callback';

export interface OidcApp {
  readonly app: App;
  /** Base address, which is the public URL. */
  readonly url: string;
  /** Issuer and resource of the site `one`. */
  readonly issuer: string;
  /** Lines that the server has logged, audit lines among them. */
  readonly log: readonly string[];
  readonly close: () => Promise<void>;
}

export interface OidcAppOptions extends Omit<AppDeps, 'logStream'> {
  readonly login?: 'poll' | 'code';
  readonly scope?: string;
  /** The Rucio of the site `two`. @default that of `one` */
  readonly secondRucioUrl?: string;
  readonly change?: (document: ServerDocument) => ServerDocument;
}

/** The real server in `oidc` mode, with the sites `one` and `two`. */
export async function startOidcApp(
  rucioUrl: string,
  options: OidcAppOptions = {},
): Promise<OidcApp> {
  // The public URL has to be known before the server listens.
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const { login = 'poll', scope = 'openid profile offline_access', change, ...rest } = options;
  const { secondRucioUrl = rucioUrl, ...deps } = rest;
  const site = (name: string, url: string) =>
    Site.parse({
      name,
      title: `Site ${name}`,
      rucioHost: url,
      authHost: url,
      caFile: CA_FILE,
      oidc: { audience: 'rucio', scope },
    });
  const made = await testDocument(rucioUrl, (document) => {
    const oidc: ServerDocument = {
      ...document,
      publicUrl: url,
      readOnly: false,
      sites: [site('one', rucioUrl), site('two', secondRucioUrl)],
      auth: {
        mode: 'oidc',
        login,
        tokenFormat: 'jwe',
        clients: [],
        sealingKeysFile: null,
        redis: null,
      },
    };
    return change?.(oidc) ?? oidc;
  });
  const log: string[] = [];
  const logStream = { write: (line: string) => void log.push(line) };
  const app = await buildApp(made.document, new Metrics(), { ...deps, logStream });
  await app.main.listen({ host: '127.0.0.1', port });
  return {
    app,
    url,
    issuer: `${url}/site/one`,
    log,
    close: async () => {
      await app.stop();
      await made.cleanUp();
    },
  };
}

/** A public client as the tests play it. */
export interface TestClient {
  readonly id: string;
  readonly verifier: string;
  /** Of an authorization request that is right. */
  readonly parameters: Record<string, string>;
}

export async function registerTestClient(
  issuer: string,
  metadata: object = {},
): Promise<TestClient> {
  const response = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Test client', redirect_uris: [CALLBACK], ...metadata }),
  });
  const { client_id: id } = (await response.json()) as { client_id: string };
  const verifier = randomBytes(32).toString('base64url');
  return {
    id,
    verifier,
    parameters: {
      client_id: id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      state: 'st%te+ü',
      scope: 'rucio:read rucio:write',
      resource: issuer,
    },
  };
}

export function authorizeUrl(issuer: string, parameters: Record<string, string>): string {
  return `${issuer}/authorize?${new URLSearchParams(parameters).toString()}`;
}

/** The answer to the client in a page that leads back to it. */
export function answerIn(page: SeenPage): URLSearchParams {
  return new URL(linkOf(page, /Back to/)).searchParams;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** A request to the token endpoint. */
export async function tokenRequest(
  issuer: string,
  parameters: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, body, headers: response.headers };
}

export function redeem(
  issuer: string,
  { id, verifier }: TestClient,
  code: string,
  change: Record<string, string> = {},
) {
  return tokenRequest(issuer, {
    grant_type: 'authorization_code',
    client_id: id,
    code,
    code_verifier: verifier,
    redirect_uri: CALLBACK,
    resource: issuer,
    ...change,
  });
}

/** A POST to the MCP endpoint, as a 2025-era client sends it. */
export function mcp(url: string, token: string | undefined, method: string, params: object = {}) {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
}
