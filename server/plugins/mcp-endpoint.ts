import { type McpHttpHandler, createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { sitePath } from '../../lib/contract/endpoints';
import { SCOPES } from '../../lib/contract/scopes';
import type { Principal } from '../auth/principal';
import type { CallDeps } from '../mcp/call-tool';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import { readNarrowing } from '../mcp/narrowing';
import type { Offers } from '../mcp/offers';
import { type SiteOffer, buildMcpServer } from '../mcp/server-factory';
import { stopError } from '../rucio/timeout-error';
import { principalOf } from './authenticate';
import { NO_STORE } from './security-headers';

/** Open `subscriptions/listen` streams of one site; our lists never change while we run. */
const MAX_SUBSCRIPTIONS = 64;

/** Headers that stay between the client and us. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'host']);

const ALLOWED = 'POST, OPTIONS';

function notAllowed(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(405)
    .header('Allow', ALLOWED)
    .send(jsonRpcError(JSON_RPC.refused, 'Method not allowed: send messages by POST.'));
}

/** Requests that are being answered now, over all sites. */
export class InFlight {
  readonly #requests = new Map<AbortController, 'call' | 'subscription'>();
  readonly #stopping = new AbortController();
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get isFull(): boolean {
    return this.#requests.size >= this.max;
  }

  add(controller: AbortController, kind: 'call' | 'subscription'): void {
    this.#requests.set(controller, kind);
  }

  remove(controller: AbortController): void {
    this.#requests.delete(controller);
  }

  /** Ends subscriptions, which would never end by themselves; calls go on. */
  endSubscriptions(): void {
    for (const [controller, kind] of this.#requests) {
      if (kind === 'subscription') controller.abort();
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
    for (const controller of this.#requests.keys()) controller.abort();
  }
}

export interface EndpointDeps extends CallDeps {
  readonly inFlight: InFlight;
}

/** Serves a site at both spellings of its path, without redirects: they would lose the body. */
export function registerMcpEndpoint(
  app: FastifyInstance,
  offers: Offers,
  deps: EndpointDeps,
): McpHttpHandler {
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const { principal, offer, log } = authInfo?.extra as unknown as Caller;
      return buildMcpServer(offer, principal, { ...deps, log });
    },
    {
      maxSubscriptions: MAX_SUBSCRIPTIONS,
      onerror: (error) => deps.log.debug({ err: error }, 'MCP request refused'),
    },
  );
  const path = sitePath(offers.site.name);
  for (const url of [path, `${path}/`]) {
    app.post(url, (request, reply) => serve(handler, offers, deps, request, reply));
    // No sessions: nothing to listen to, nothing to delete.
    app.get(url, notAllowed);
    app.delete(url, notAllowed);
    // Preflights are answered before; anything else that asks for options learns what there is.
    app.options(url, (_request, reply) => reply.code(204).header('Allow', ALLOWED).send());
  }
  return handler;
}

async function serve(
  handler: McpHttpHandler,
  offers: Offers,
  deps: EndpointDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (deps.inFlight.isFull) {
    return reply
      .code(429)
      .header('Retry-After', '1')
      .send(jsonRpcError(JSON_RPC.refused, 'The server is busy; try again in a second.'));
  }
  const principal = principalOf(request);
  const wanted = readNarrowing((name) => single(request.headers[name.toLowerCase()]));
  if (!wanted.ok) {
    return reply.code(400).send(jsonRpcError(JSON_RPC.invalidRequest, wanted.problem));
  }
  const offer = offers.narrowed({
    ...wanted.narrowing,
    readOnly: wanted.narrowing.readOnly || !principal.scopes.includes(SCOPES.write),
  });
  const controller = new AbortController();
  const labels = { site: offer.site.name };
  deps.inFlight.add(controller, isSubscription(request.body) ? 'subscription' : 'call');
  deps.metrics.add('openStreams', labels, 1);
  reply.raw.once('close', () => {
    deps.inFlight.remove(controller);
    deps.metrics.add('openStreams', labels, -1);
    // The client went away: stop Rucio, too.
    if (!reply.raw.writableFinished) controller.abort();
  });
  const response = await handler.fetch(toWebRequest(request, controller.signal), {
    authInfo: toAuthInfo({ principal, offer, log: request.log }),
    ...(request.body === undefined ? {} : { parsedBody: request.body }),
  });
  response.headers.set('Cache-Control', NO_STORE); // The SDK sets a weaker one on streams.
  // Proxies such as nginx hold back streams otherwise.
  return reply.header('X-Accel-Buffering', 'no').send(response);
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

/** What the SDK hands through from the request to the factory. */
interface Caller {
  readonly principal: Principal;
  readonly offer: SiteOffer;
  readonly log: FastifyBaseLogger;
}

/** The token itself stays behind. */
function toAuthInfo(caller: Caller) {
  const { account, scopes } = caller.principal;
  return { token: '', clientId: account, scopes: [...scopes], extra: { ...caller } };
}
