import type { FastifyInstance } from 'fastify';

/**
 * Lets scripts of any origin read the answers: they are public, or belong to whoever shows a code.
 * Cookies never count here.
 *
 * @see RFC 9700 section 2.6
 */
export function registerOpenCors(app: FastifyInstance, methods: string): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('Access-Control-Allow-Origin', '*');
    if (request.method === 'OPTIONS') {
      reply.headers({
        'Access-Control-Allow-Methods': `${methods}, OPTIONS`,
        'Access-Control-Allow-Headers': 'Content-Type, Accept, MCP-Protocol-Version',
        'Access-Control-Max-Age': '7200',
      });
    } else reply.header('Access-Control-Expose-Headers', 'Retry-After');
    done();
  });
}
