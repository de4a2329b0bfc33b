import type { FastifyInstance } from 'fastify';

import { authorizationServerMetadata, protectedResourceMetadata } from '../auth/oauth/metadata';
import type { OAuthSite } from '../auth/oauth/oauth-site';
import { resourceMetadataPath } from '../auth/oauth/site-urls';
import { registerOpenCors } from './oauth-cors';

/** How long metadata may be kept, in seconds: it changes only with a rollout. */
const MAX_AGE = 'public, max-age=300';

/**
 * Tells where and how tokens for a site are issued. Both spellings of the site's URL have a document
 * of their own, since a client compares what it finds with the URL that it was given.
 *
 * @see RFC 9728 section 3, RFC 8414 section 3
 */
export function registerOAuthMetadata(app: FastifyInstance, oauth: OAuthSite): void {
  const { site, urls, scopes } = oauth;
  registerOpenCors(app, 'GET');
  const serve = (path: string, document: object) => {
    app.get(path, (_request, reply) => reply.header('Cache-Control', MAX_AGE).send(document));
    app.options(path, (_request, reply) => reply.code(204).send());
  };
  for (const resource of urls.resources) {
    const document = protectedResourceMetadata(site, urls, resource, scopes);
    serve(resourceMetadataPath(new URL(resource).pathname), document);
  }
  const server = authorizationServerMetadata(urls, scopes);
  serve(`/.well-known/oauth-authorization-server${urls.path}`, server);
  serve(`${urls.path}/.well-known/oauth-authorization-server`, server);
}
