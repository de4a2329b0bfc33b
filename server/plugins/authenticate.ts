import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AUTH_LIMITS, LIMIT_WINDOW_SECONDS } from '../../lib/contract/auth-limits';
import { callerAddress } from '../auth/caller-address';
import {
  type Challenge,
  type TokenOffer,
  challengeFor,
  insufficientScope,
} from '../auth/challenge';
import type { Authenticator, NotDecided, Principal } from '../auth/principal';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import type { Metrics } from './metrics';

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
  const max = offerFor === undefined ? AUTH_LIMITS.wrongSecrets : AUTH_LIMITS.wrongTokens;
  const countFailure = app.createRateLimit({ max, timeWindow: LIMIT_WINDOW_SECONDS * 1000 });
  app.addHook('onRequest', async (request, reply) => {
    const result = await authenticate(request.headers.authorization, {
      address: callerAddress(request.ip),
    });
    if (result.ok) {
      Object.assign(request, { [PRINCIPAL]: result.principal });
      return undefined;
    }
    const { failure } = result;
    metrics.inc('authRefusals', { reason: failure.reason });
    if ('retryAfterSeconds' in failure) return later(reply, failure);
    if (failure.reason !== 'missing') {
      const limit = await countFailure(request);
      if (!limit.isAllowed && limit.isExceeded) return tooMany(reply, limit.ttlInSeconds);
    }
    return challenge(reply, challengeFor(failure, offerFor?.(request)));
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
  offerFor: (
    request: FastifyRequest,
    scopes: readonly string[],
  ) => TokenOffer & { readonly scope: string },
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

/** Nobody is let in, and no token is called wrong: the client keeps it, and tries again. */
function later(reply: FastifyReply, { reason, retryAfterSeconds }: NotDecided): FastifyReply {
  if (reason === 'limited') return tooMany(reply, retryAfterSeconds);
  return reply
    .code(503)
    .header('Retry-After', String(retryAfterSeconds))
    .send(jsonRpcError(JSON_RPC.refused, 'Tokens can not be checked at Rucio now: try again.'));
}

function tooMany(reply: FastifyReply, seconds: number): FastifyReply {
  return reply
    .code(429)
    .header('Retry-After', String(Math.max(1, seconds)))
    .send(jsonRpcError(JSON_RPC.refused, 'Too many wrong tokens; wait before you try again.'));
}
