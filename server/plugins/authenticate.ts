import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { challengeFor } from '../auth/challenge';
import type { AuthFailure, Authenticator, Principal } from '../auth/principal';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import type { Metrics } from './metrics';

/** Wrong tokens that one address may try in a minute before it gets 429. */
const FAILURES_A_MINUTE = 10;

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
): void {
  const countFailure = app.createRateLimit({ max: FAILURES_A_MINUTE, timeWindow: 60_000 });
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
    return challenge(reply, result.failure);
  });
}

function challenge(reply: FastifyReply, failure: AuthFailure): FastifyReply {
  const { status, header, message } = challengeFor(failure);
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
