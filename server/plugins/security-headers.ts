import type { FastifyInstance } from 'fastify';

/** Headers of every answer: nothing here is to be cached, framed, sniffed or run by a browser. */
export function registerSecurityHeaders(app: FastifyInstance, publicUrl: string | null): void {
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
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
