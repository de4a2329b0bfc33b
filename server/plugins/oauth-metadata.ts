import type { FastifyInstance } from 'fastify';

import { authMethods } from '../auth/oauth/clients/authenticate-client';
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
  const server = authorizationServerMetadata(urls, scopes, authMethods(oauth));
  serveMetadata(app, [
    ...urls.resources.map((resource): [string, object] => [
      resourceMetadataPath(new URL(resource).pathname),
      protectedResourceMetadata(site, resource, { servers: [urls.issuer], scopes }),
    ]),
    [`/.well-known/oauth-authorization-server${urls.path}`, server],
    [`${urls.path}/.well-known/oauth-authorization-server`, server],
  ]);
}

/** Serves documents by their paths, to scripts of any origin too. */
export function serveMetadata(
  app: FastifyInstance,
  documents: readonly (readonly [path: string, document: object])[],
): void {
  registerOpenCors(app, 'GET');
  for (const [path, document] of documents) {
    app.get(path, (_request, reply) => reply.header('Cache-Control', MAX_AGE).send(document));
    app.options(path, (_request, reply) => reply.code(204).send());
  }
}
