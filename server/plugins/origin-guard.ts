import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ServerDocument } from '../../lib/contract/server-document';
import { isLoopbackHost } from '../../lib/contract/sites';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import { NARROWING_HEADERS } from '../mcp/narrowing';

/** Request headers that browser clients of MCP send. */
const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Accept',
  'Last-Event-ID',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
  'traceparent',
  ...Object.values(NARROWING_HEADERS),
].join(', ');

/** Response headers that they need to read. */
const EXPOSED_HEADERS = [
  'WWW-Authenticate',
  'Mcp-Session-Id',
  'MCP-Protocol-Version',
  'Retry-After',
].join(', ');

/**
 * Refuses requests that carry a foreign `Host` or `Origin`, as a page that rebinds its own name to
 * this server's address makes a browser send, and answers preflights of the origins that are allowed.
 *
 * @see MCP 2026-07-28 streamable HTTP, "Security & Endpoint" 1
 */
export function registerOriginGuard(app: FastifyInstance, document: ServerDocument): void {
  registerHostGuard(app, document);
  const isAllowedOrigin = originCheck(document);
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return undefined;
    if (!isAllowedOrigin(origin)) {
      return refuse(reply, 'Requests from that Origin are not allowed.');
    }
    reply.header('Access-Control-Allow-Origin', origin);
    reply.header('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    reply.header('Vary', 'Origin');
    return isPreflight(request) ? answerPreflight(reply) : undefined;
  });
}

/** Refuses requests that carry a foreign `Host`. */
export function registerHostGuard(app: FastifyInstance, document: ServerDocument): void {
  const hosts = allowedHosts(document);
  const isAllowed = (header: string) => {
    const host = hostnameOf(header);
    return host !== undefined && (hosts.has(host) || isLoopbackHost(host));
  };
  // A client sends the same one with every request.
  let lastAllowed: string | undefined;
  app.addHook('onRequest', (request, reply, done) => {
    const { host } = request.headers;
    if (host === undefined || (host !== lastAllowed && !isAllowed(host))) {
      refuse(reply, 'This server does not answer to that Host.');
      return;
    }
    lastAllowed = host;
    done();
  });
}

function allowedHosts({ publicUrl, allowedHosts: more }: ServerDocument): ReadonlySet<string> {
  const names = publicUrl === null ? more : [...more, new URL(publicUrl).hostname];
  return new Set(names.map((name) => name.toLowerCase()));
}

/** Pages on this machine may call a server that is itself only on this machine. */
function originCheck({ publicUrl, allowedOrigins, listen }: ServerDocument) {
  const origins = new Set(
    [...allowedOrigins, ...(publicUrl === null ? [] : [publicUrl])].map(toOrigin),
  );
  const local = isLoopbackHost(listen.host);
  return (origin: string): boolean => {
    if (!URL.canParse(origin)) return false;
    return origins.has(toOrigin(origin)) || (local && isLoopbackHost(new URL(origin).hostname));
  };
}

function toOrigin(url: string): string {
  return new URL(url).origin;
}

/** The name in a Host header, without port, in lower case; `undefined` when it is none. */
function hostnameOf(header: string): string | undefined {
  if (!URL.canParse(`http://${header}`)) return undefined;
  const url = new URL(`http://${header}`);
  const onlyHost = url.pathname === '/' && url.username === '' && url.search === '';
  return onlyHost && !/[/?#@\\]/.test(header) ? url.hostname : undefined;
}

function isPreflight(request: FastifyRequest): boolean {
  return (
    request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  );
}

function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header('Access-Control-Allow-Methods', 'POST, GET, DELETE, OPTIONS')
    .header('Access-Control-Allow-Headers', ALLOWED_HEADERS)
    .header('Access-Control-Max-Age', '7200')
    .send();
}

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(403).send(jsonRpcError(JSON_RPC.refused, message));
}
