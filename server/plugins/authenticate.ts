import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import {
  type Challenge,
  type TokenOffer,
  challengeFor,
  insufficientScope,
} from '../auth/challenge';
import type { Authenticator, Principal } from '../auth/principal';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import type { Metrics } from './metrics';

/** Wrong shared secrets that one address may try in a minute before it gets 429. */
const FAILURES_A_MINUTE = 10;
/** The same for sealed tokens, which nobody guesses, but many behind one address let end. */
const SEALED_FAILURES_A_MINUTE = 300;

const PRINCIPAL = Symbol('principal');

/** Who sent the request; set by the hook of {@link registerAuthentication}. */
export function principalOf(request: FastifyRequest): Principal {
  const { [PRINCIPAL]: principal } = request as FastifyRequest & { [PRINCIPAL]?: Principal };
  if (principal === undefined) throw new TypeError('route without authentication');
  return principal;
}

/**
 * Guards every route of `app`: no handler, and no byte of a body, is looked at before the caller is
 * known. Wrong tokens are limited by address.
 */
export function registerAuthentication(
  app: FastifyInstance,
  authenticate: Authenticator,
  metrics: Metrics,
  offerFor?: (request: FastifyRequest) => TokenOffer,
): void {
  const max = offerFor === undefined ? FAILURES_A_MINUTE : SEALED_FAILURES_A_MINUTE;
  const countFailure = app.createRateLimit({ max, timeWindow: 60_000 });
  app.addHook('onRequest', async (request, reply) => {
    const result = await authenticate(request.headers.authorization);
    if (result.ok) {
      Object.assign(request, { [PRINCIPAL]: result.principal });
      return undefined;
    }
    metrics.inc('authRefusals', { reason: result.failure.reason });
    if (result.failure.reason !== 'missing') {
      const limit = await countFailure(request);
      if (!limit.isAllowed && limit.isExceeded) return tooMany(reply, limit.ttlInSeconds);
    }
    return challenge(reply, challengeFor(result.failure, offerFor?.(request)));
  });
}

/**
 * Refuses calls that need more than the caller was granted, before the tool runs; the client can ask
 * its user for the rest.
 *
 * @param neededBy - the scopes that a message needs, if it needs any
 * @see MCP 2026-07-28 authorization, "Scope Challenge Handling"
 */
export function registerScopeCheck(
  app: FastifyInstance,
  neededBy: (body: unknown) => readonly string[],
  offerFor: (request: FastifyRequest, scopes: readonly string[]) => TokenOffer,
  metrics: Metrics,
): void {
  app.addHook('preHandler', async (request, reply) => {
    const needed = neededBy(request.body);
    const granted: readonly string[] = principalOf(request).scopes;
    if (needed.every((scope) => granted.includes(scope))) return undefined;
    metrics.inc('authRefusals', { reason: 'insufficient_scope' });
    // What is granted already stays part of what is asked for: a client replaces its token.
    const all = [...new Set([...granted, ...needed])];
    return challenge(reply, insufficientScope(offerFor(request, all)));
  });
}

function challenge(reply: FastifyReply, { status, header, message }: Challenge): FastifyReply {
  return reply
    .code(status)
    .header('WWW-Authenticate', header)
    .send(jsonRpcError(JSON_RPC.refused, message));
}

function tooMany(reply: FastifyReply, seconds: number): FastifyReply {
  return reply
    .code(429)
    .header('Retry-After', String(Math.max(1, seconds)))
    .send(jsonRpcError(JSON_RPC.refused, 'Too many wrong tokens; wait before you try again.'));
}
