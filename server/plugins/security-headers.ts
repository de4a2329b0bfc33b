import type { FastifyInstance } from 'fastify';

/** Nothing is kept, and no proxy may hold back or compress a stream. */
export const NO_STORE = 'no-store, no-transform';

/** Headers of every answer: nothing here is to be cached, framed, sniffed or run by a browser. */
export function registerSecurityHeaders(app: FastifyInstance, publicUrl: string | null): void {
  const headers: Record<string, string> = {
    'Cache-Control': NO_STORE,
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
  if (publicUrl?.startsWith('https:') === true) {
    headers['Strict-Transport-Security'] = 'max-age=31536000';
  }
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
