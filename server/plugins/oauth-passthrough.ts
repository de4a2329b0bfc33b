import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { ServerDocument } from '../../lib/contract/server-document';
import type { TokenOffer } from '../auth/challenge';
import { protectedResourceMetadata } from '../auth/oauth/metadata';
import { resourceMetadataPath } from '../auth/oauth/site-urls';
import type { PassthroughSite } from '../auth/passthrough/build';
import { serveMetadata } from './oauth-metadata';
import { registerHostGuard } from './origin-guard';

/**
 * Tells what a site is and, where it is known, whose tokens its Rucio takes. There is no
 * authorization server of ours: nothing can be registered, asked for or withdrawn here.
 *
 * @see RFC 9728 section 3
 */
export async function registerPassthrough(
  app: FastifyInstance,
  { site, urls, scopes }: PassthroughSite,
  document: ServerDocument,
): Promise<void> {
  await app.register((scope, _options, done) => {
    registerHostGuard(scope, document);
    const { issuerUrl } = site.oidc;
    serveMetadata(
      scope,
      urls.resources.map((resource) => [
        resourceMetadataPath(new URL(resource).pathname),
        protectedResourceMetadata(site, resource, {
          servers: issuerUrl === undefined ? [] : [issuerUrl],
          scopes,
        }),
      ]),
    );
    done();
  });
}

/** What a refused request is told: there is nothing to sign in to but Rucio itself. */
export function rucioTokenOffer({ urls, scopes }: PassthroughSite) {
  return (request: FastifyRequest): TokenOffer => ({
    resourceMetadata: urls.origin + resourceMetadataPath(request.routeOptions.url ?? urls.path),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    advice: 'send your own token of the Rucio of this site as the bearer',
  });
}
