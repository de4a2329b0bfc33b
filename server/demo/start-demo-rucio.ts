import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unescape } from 'node:querystring';
import { setTimeout as delay } from 'node:timers/promises';

import type { Answer } from './answer';
import { routeHeaders, withHeaders } from './browser-headers';
import { failureAnswer } from './failure';
import { assertAcceptable, type DemoRequest, type Route, Router } from './router';
import { accountRoutes } from './routes/accounts';
import { authRoutes } from './routes/auth';
import { datasetReplicaRoutes } from './routes/dataset-replicas';
import { didRoutes } from './routes/dids';
import { lockRoutes } from './routes/locks';
import { oidcRoutes } from './routes/oidc';
import { pingRoutes } from './routes/ping';
import { quotaRoutes } from './routes/quotas';
import { replicaRoutes } from './routes/replicas';
import { requestRoutes } from './routes/requests';
import { rseDetailRoutes } from './routes/rse-details';
import { rseRoutes } from './routes/rses';
import { ruleRoutes } from './routes/rules';
import { ruleWriteRoutes } from './routes/rule-writes';
import { scopeRoutes } from './routes/scopes';
import { subscriptionRoutes } from './routes/subscriptions';
import { suspiciousReplicaRoutes } from './routes/suspicious-replicas';
import { OidcLogins } from './oidc-logins';
import { ProviderClient, type ProviderClientOptions } from './provider-client';
import { buildSeed } from './seed';
import { SEED_IDENTITIES, type SeedIdentity } from './seed-accounts';
import { SEED_PEOPLE, type SeedPerson } from './seed-people';
import { Sessions } from './sessions';
import { sendAnswer } from './send-answer';
import { DemoStore } from './store';

/** The identity provider that users sign in at. */
export interface DemoOidcOptions extends Omit<ProviderClientOptions, 'redirectUri'> {
  /**
   * How requests name the provider.
   * @default 'demo'
   */
  readonly name?: string;
  /**
   * Who has accounts here.
   * @default SEED_PEOPLE
   */
  readonly people?: readonly SeedPerson[];
}

export interface DemoRucioOptions {
  /**
   * Address to listen on.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /**
   * Port to listen on; 0 takes a free one.
   * @default 0
   */
  readonly port?: number;
  /**
   * Who may sign in, and to which accounts of the seed.
   * @default SEED_IDENTITIES
   */
  readonly users?: readonly SeedIdentity[];
  /**
   * Lets users sign in at an identity provider, which has to know `<url>/auth/oidc_code`.
   * @default none, as a Rucio server without the section `[oidc]`
   */
  readonly oidc?: DemoOidcOptions;
  /**
   * Wait before each answer, in milliseconds.
   * @default 0
   */
  readonly latencyMs?: number;
  /**
   * Life of a session token, in seconds.
   * @default 3600
   */
  readonly tokenLifeSeconds?: number;
  /**
   * Files in each dataset of the production system (1-500); 500 make more than 10,000 in all.
   * @default 12
   */
  readonly filesPerDataset?: number;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
}

export interface DemoRucio {
  /** Base address, without a trailing slash. */
  readonly url: string;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

/** Largest request body, in bytes. A thousand DIDs with the longest names are a third of it. */
const MAX_BODY_BYTES = 1_048_576;

const router = new Router([
  ...pingRoutes,
  ...authRoutes,
  ...oidcRoutes,
  ...accountRoutes,
  ...scopeRoutes,
  ...didRoutes,
  ...replicaRoutes,
  ...suspiciousReplicaRoutes,
  ...ruleRoutes,
  ...ruleWriteRoutes,
  ...rseRoutes,
  ...rseDetailRoutes,
  ...quotaRoutes,
  ...datasetReplicaRoutes,
  ...lockRoutes,
  ...requestRoutes,
  ...subscriptionRoutes,
]);

/**
 * Starts a small Rucio server in this process. It answers the operations that the tools use as a
 * real server does, from the data of the seed; its users are made up and its passwords public. Rules
 * that are made or changed live as long as the server.
 *
 * @throws {Error} when the address can not be listened on
 */
export async function startDemoRucio(options: DemoRucioOptions = {}): Promise<DemoRucio> {
  const stopping = new AbortController();
  const server = createServer();
  server.keepAliveTimeout = 5000;
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const close = () =>
    new Promise<void>((resolve, reject) => {
      stopping.abort();
      server.close((error) => (error === undefined ? resolve() : reject(error)));
      server.closeAllConnections();
    });
  try {
    const store = createStore(options, url);
    const context = { store, latencyMs: options.latencyMs ?? 0, signal: stopping.signal };
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // The client is gone, or the demo is being closed: there is nobody left to tell.
      serve(request, response, context).catch(() => response.destroy());
    });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createStore(options: DemoRucioOptions, url: string): DemoStore {
  const clock = options.clock ?? Date.now;
  const sessions = new Sessions({
    identities: options.users ?? SEED_IDENTITIES,
    tokenLifeMs: (options.tokenLifeSeconds ?? 3600) * 1000,
    clock,
  });
  const seed = buildSeed({ filesPerDataset: options.filesPerDataset ?? 12 });
  const { oidc } = options;
  const logins = new OidcLogins({
    name: oidc?.name ?? 'demo',
    provider: oidc && new ProviderClient({ ...oidc, redirectUri: `${url}/auth/oidc_code` }),
    people: oidc?.people ?? SEED_PEOPLE,
    sessions,
    hasAccount: (name) => seed.accounts.some(({ account }) => account === name),
    clock,
  });
  return new DemoStore({ seed, sessions, logins, clock });
}

interface ServeContext {
  readonly store: DemoStore;
  readonly latencyMs: number;
  readonly signal: AbortSignal;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  context: ServeContext,
): Promise<void> {
  const body = await readBody(request);
  if (context.latencyMs > 0) {
    await delay(context.latencyMs, undefined, { signal: context.signal });
  }
  const answer = body === undefined ? TOO_LARGE : await answerTo(request, body, context.store);
  await sendAnswer(answer, request, response);
}

const TOO_LARGE: Answer = {
  status: 413,
  headers: { 'Content-Type': 'text/plain', Connection: 'close' },
  body: `The demo reads request bodies of at most ${MAX_BODY_BYTES} bytes.\n`,
};

/** @returns `undefined` when the body is too large */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function answerTo(request: IncomingMessage, body: string, store: DemoStore): Promise<Answer> {
  const method = request.method ?? 'GET';
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const path = unescape(mark < 0 ? target : target.slice(0, mark));
  const match = router.match(method, path, target, request.headers.host ?? '');
  if (match.kind === 'answer') return match.answer;
  const { route, params } = match;
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  const query = new URLSearchParams(rawQuery);
  const { headers } = request;
  const asked = { method, path, query, rawQuery, headers, body, params, store };
  const answer = await routeAnswer(route, asked);
  return route.ownHeaders === true ? answer : withHeaders(answer, routeHeaders(request));
}

async function routeAnswer(route: Route, request: Omit<DemoRequest, 'issuer'>): Promise<Answer> {
  try {
    const token = request.headers['x-rucio-auth-token'];
    const { sessions } = request.store;
    const issuer =
      route.open === true ? '' : sessions.authenticate(Array.isArray(token) ? token[0] : token);
    assertAcceptable(request.headers.accept, route);
    return await route.handle({ ...request, issuer });
  } catch (error) {
    return failureAnswer(error);
  }
}
