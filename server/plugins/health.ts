import type { FastifyInstance } from 'fastify';

import { PATHS } from '../../lib/contract/endpoints';

export interface HealthDeps {
  /** What keeps the server from serving, or `undefined` when it is ready. */
  readonly whyNotReady: () => string | undefined;
}

/**
 * Liveness and readiness. Neither asks Rucio: a Rucio that is down must not take the pods out of
 * service, since they are what tells users that it is down.
 */
export function registerHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get(PATHS.healthz, { logLevel: 'warn' }, () => ({ status: 'ok' }));
  app.get(PATHS.readyz, { logLevel: 'warn' }, (_request, reply) => {
    const reason = deps.whyNotReady();
    return reason === undefined
      ? reply.send({ status: 'ready' })
      : reply.code(503).send({ status: 'not ready', reason });
  });
}
