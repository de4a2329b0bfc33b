import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { sitePath } from '../../lib/contract/endpoints';
import type { ServerDocument } from '../../lib/contract/server-document';
import { landingPage, sitePage } from '../pages/landing-page';
import type { Page } from '../pages/page';

/**
 * Pages for people who open the address of the server or of a site in a browser. They are made once,
 * and show nothing of the request. MCP clients ask for other types and get their own answers.
 */
export function registerLanding(app: FastifyInstance, document: ServerDocument): void {
  const pages = new Map<string, Page>([['/', landingPage(document)]]);
  for (const site of document.sites) {
    const made = sitePage(document, site);
    for (const path of [sitePath(site.name), `${sitePath(site.name)}/`]) pages.set(path, made);
  }
  app.get('/', (_request, reply) =>
    reply.code(406).send({ error: 'not_acceptable', message: 'There is only text/html here.' }),
  );
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET') return undefined;
    const found = pages.get(request.url);
    return found !== undefined && wantsPage(request) ? send(request, reply, found) : undefined;
  });
}

/** A browser names the type; a client of MCP asks for a stream, or for anything. */
function wantsPage({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('text/html') && !accept.includes('text/event-stream');
}

function send(request: FastifyRequest, reply: FastifyReply, found: Page): FastifyReply {
  reply.headers(found.headers);
  return request.headers['if-none-match'] === found.headers['etag']
    ? reply.code(304).send()
    : reply.code(found.status).send(found.body);
}
