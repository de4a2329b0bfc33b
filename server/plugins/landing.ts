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
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const [path = ''] = request.url.split('?');
    const found = pages.get(path);
    if (found === undefined || !wantsPage(request, path)) return undefined;
    return send(request, reply, found);
  });
}

/**
 * At a site, a browser names the type, and a client of MCP asks for a stream or for anything. At the
 * address of the server there is nothing else.
 */
function wantsPage({ headers: { accept = '*/*' } }: FastifyRequest, path: string): boolean {
  const types = accept
    .toLowerCase()
    .split(',')
    .filter((range) => !/;\s*q=0(?:\.0*)?\s*$/.test(range))
    .map((range) => range.split(';', 1).join().trim());
  if (types.includes('text/html') && !types.includes('text/event-stream')) return true;
  return path === '/' && types.some((type) => type === '*/*' || type === 'text/*');
}

function send(request: FastifyRequest, reply: FastifyReply, found: Page): FastifyReply {
  reply.headers(found.headers);
  return isUnchanged(request.headers['if-none-match'], found.headers['etag'] ?? '')
    ? reply.code(304).send()
    : reply.code(found.status).send(found.body);
}

/**
 * Whether what a client has already is what it would get. Tags are compared weakly: proxies that
 * compress mark them so.
 *
 * @see RFC 9110 section 13.1.2
 */
function isUnchanged(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false;
  if (condition.trim() === '*') return true;
  const tags: readonly string[] = condition.match(/"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return tags.includes(etag);
}
