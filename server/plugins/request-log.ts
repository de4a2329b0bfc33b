import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Metrics } from './metrics';

const METHODS = new Set(['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD']);

/**
 * One log line and one count a request, by route template: a path or a query that a client made up
 * is neither logged nor a label.
 */
export function registerRequestLog(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const method = METHODS.has(request.method) ? request.method : 'other';
    const status = `${Math.trunc(reply.statusCode / 100)}xx`;
    metrics.inc('httpRequests', { route, method, status });
    if (reply.statusCode === 429) metrics.inc('rateLimitRefusals', { route });
    metrics.observe('httpRequestDuration', { route }, reply.elapsedTime / 1000);
    request.log.info(
      { route, method, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
    done();
  });
}

function routeOf(request: FastifyRequest): string {
  return request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
}
