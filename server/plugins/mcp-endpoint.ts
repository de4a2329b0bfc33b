import { type McpHttpHandler, type Server, createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { setMaxListeners } from 'node:events';

import { sitePath } from '../../lib/contract/endpoints';
import { SCOPES } from '../../lib/contract/scopes';
import type { Principal } from '../auth/principal';
import type { CallDeps } from '../mcp/call-tool';
import { Exchange } from '../mcp/exchange';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import { readNarrowing } from '../mcp/narrowing';
import type { Offers } from '../mcp/offers';
import { type PlainRequest, plainRequestOf } from '../mcp/plain-request';
import { type SiteOffer, buildMcpServer } from '../mcp/server-factory';
import { stopError } from '../rucio/timeout-error';
import { principalOf } from './authenticate';
import { NO_STORE } from './security-headers';

/** Open `subscriptions/listen` streams of one site; our lists never change while we run. */
const MAX_SUBSCRIPTIONS = 64;

/** Headers that stay between the client and us. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'host']);

const ALLOWED = 'POST, OPTIONS';

const JSON_TYPE = 'application/json';
/** Proxies such as nginx hold back streams otherwise. */
const UNBUFFERED = { 'X-Accel-Buffering': 'no' };
const STREAM_HEADERS = { ...UNBUFFERED, 'Content-Type': 'text/event-stream' };
/** For our own log only: there is nobody who would get it. */
const CLIENT_GONE = 499;

function notAllowed(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(405)
    .header('Allow', ALLOWED)
    .send(jsonRpcError(JSON_RPC.refused, 'Method not allowed: send messages by POST.'));
}

/** What can be stopped. */
interface Abortable {
  abort(): void;
}

/** Requests that are being answered now, over all sites. */
export class InFlight {
  readonly #requests = new Map<Abortable, 'call' | 'subscription'>();
  readonly #stopping = new AbortController();
  readonly max: number;

  constructor(max: number) {
    this.max = max;
    // Every call listens.
    setMaxListeners(0, this.#stopping.signal);
  }

  get isFull(): boolean {
    return this.#requests.size >= this.max;
  }

  add(request: Abortable, kind: 'call' | 'subscription'): void {
    this.#requests.set(request, kind);
  }

  remove(request: Abortable): void {
    this.#requests.delete(request);
  }

  /** Ends subscriptions, which would never end by themselves; calls go on. */
  endSubscriptions(): void {
    for (const [request, kind] of this.#requests) {
      if (kind === 'subscription') request.abort();
    }
  }

  /** Aborted by {@link stopCalls}. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Ends tool calls with an error that their clients still get. */
  stopCalls(): void {
    this.#stopping.abort(stopError());
  }

  /** Ends everything. */
  abortAll(): void {
    for (const request of this.#requests.keys()) request.abort();
  }
}

export interface EndpointDeps extends CallDeps {
  readonly inFlight: InFlight;
}

/** The endpoint of one site. */
interface Endpoint {
  readonly offers: Offers;
  readonly deps: EndpointDeps;
  /** The SDK's own, for what is no plain request. */
  readonly handler: McpHttpHandler;
}

/** Serves a site at both spellings of its path, without redirects: they would lose the body. */
export function registerMcpEndpoint(
  app: FastifyInstance,
  offers: Offers,
  deps: EndpointDeps,
): void {
  const handler = createMcpHandler(
    ({ authInfo }) => serverFor(authInfo?.extra as unknown as Caller, deps),
    {
      maxSubscriptions: MAX_SUBSCRIPTIONS,
      onerror: (error) => deps.log.debug({ err: error }, 'MCP request refused'),
    },
  );
  const endpoint = { offers, deps, handler };
  const path = sitePath(offers.site.name);
  for (const url of [path, `${path}/`]) {
    app.post(url, (request, reply) => {
      serve(endpoint, request, reply).catch((error: unknown) => reply.send(error));
    });
    // No sessions: nothing to listen to, nothing to delete.
    app.get(url, notAllowed);
    app.delete(url, notAllowed);
    // Preflights are answered before; anything else that asks for options learns what there is.
    app.options(url, (_request, reply) => reply.code(204).header('Allow', ALLOWED).send());
  }
}

async function serve(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { offers, deps } = endpoint;
  if (deps.inFlight.isFull) {
    reply
      .code(429)
      .header('Retry-After', '1')
      .send(jsonRpcError(JSON_RPC.refused, 'The server is busy; try again in a second.'));
    return;
  }
  const principal = principalOf(request);
  const wanted = readNarrowing((name) => single(request.headers[name.toLowerCase()]));
  if (!wanted.ok) {
    reply.code(400).send(jsonRpcError(JSON_RPC.invalidRequest, wanted.problem));
    return;
  }
  const offer = offers.narrowed({
    ...wanted.narrowing,
    readOnly: wanted.narrowing.readOnly || !principal.scopes.includes(SCOPES.write),
  });
  const { headers } = request;
  const caller = {
    principal,
    offer,
    log: request.log,
    userAgent: headers['user-agent'],
    traceparent: single(headers['traceparent']),
  };
  const plain = plainRequestOf(headers, request.body);
  if (plain !== undefined && (await exchange(plain, caller, deps, reply))) return;
  await serveBySdk(endpoint, caller, request, reply);
}

/** @returns false when the request is not for us to answer */
async function exchange(
  plain: PlainRequest,
  caller: Caller,
  deps: EndpointDeps,
  reply: FastifyReply,
): Promise<boolean> {
  const running = new Exchange(plain);
  const isOver = track(running, 'call', caller.offer, deps, reply);
  const answer = await running.serve(serverFor(caller, deps), (error) =>
    deps.log.debug({ err: error }, 'MCP request failed'),
  );
  switch (answer.kind) {
    case 'message':
      reply.code(answer.status).header('Content-Type', JSON_TYPE).send(answer.body);
      return true;
    case 'stream':
      reply.headers(STREAM_HEADERS).send(answer.body);
      return true;
    case 'refused':
      isOver();
      return false;
    case 'gone':
      // Nobody reads it; the request log does.
      reply.code(CLIENT_GONE).send();
      return true;
  }
}

async function serveBySdk(
  { handler, deps }: Endpoint,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const controller = new AbortController();
  const kind = isSubscription(request.body) ? 'subscription' : 'call';
  track(controller, kind, caller.offer, deps, reply);
  const response = await handler.fetch(toWebRequest(request, controller.signal), {
    authInfo: toAuthInfo(caller),
    ...(request.body === undefined ? {} : { parsedBody: request.body }),
  });
  response.headers.set('Cache-Control', NO_STORE); // The SDK sets a weaker one on streams.
  reply.headers(UNBUFFERED).send(response);
}

/**
 * Counts a request as being answered until its answer is over, and stops it when the client goes away.
 *
 * @returns what ends the counting before that
 */
function track(
  running: Abortable,
  kind: 'call' | 'subscription',
  { site }: SiteOffer,
  { inFlight, metrics }: EndpointDeps,
  { raw }: FastifyReply,
): () => void {
  const labels = { site: site.name };
  inFlight.add(running, kind);
  metrics.add('openStreams', labels, 1);
  const end = () => {
    raw.removeListener('close', onClose);
    inFlight.remove(running);
    metrics.add('openStreams', labels, -1);
  };
  const onClose = () => {
    end();
    // The client went away: stop Rucio, too.
    if (!raw.writableFinished) running.abort();
  };
  raw.once('close', onClose);
  return end;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

function isSubscription(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    'method' in body &&
    body.method === 'subscriptions/listen'
  );
}

function toWebRequest(request: FastifyRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || PRIVATE_HEADERS.has(name)) continue;
    for (const item of Array.isArray(value) ? value : [value]) headers.append(name, item);
  }
  // The origin is never used: nothing is derived from what a client says about our address.
  const url = `http://localhost${request.routeOptions.url ?? '/'}`;
  return new Request(url, { method: request.method, headers, signal });
}

/** Who calls, for what, and where it is logged. */
interface Caller {
  readonly principal: Principal;
  readonly offer: SiteOffer;
  readonly log: FastifyBaseLogger;
  readonly userAgent: string | undefined;
  readonly traceparent: string | undefined;
}

function serverFor({ principal, offer, ...own }: Caller, deps: EndpointDeps): Server {
  return buildMcpServer(offer, principal, { ...deps, ...own });
}

/** What the SDK hands through from the request to the factory. The token itself stays behind. */
function toAuthInfo(caller: Caller) {
  const { account, scopes } = caller.principal;
  return { token: '', clientId: account, scopes: [...scopes], extra: { ...caller } };
}
