import type { FastifyInstance, FastifyRequest } from 'fastify';

import { SCOPES } from '../../lib/contract/scopes';
import type { ServerDocument } from '../../lib/contract/server-document';
import type { OAuthSite } from '../auth/oauth/oauth-site';
import { onBehalfOf } from '../auth/oauth/request-context';
import { resourceMetadataPath } from '../auth/oauth/site-urls';
import { registerOAuthLogin } from './oauth-login';
import { registerOAuthMetadata } from './oauth-metadata';
import { registerOAuthRegistration, registerOAuthTokens } from './oauth-token';
import { registerHostGuard } from './origin-guard';

const PARTS = [
  registerOAuthMetadata,
  registerOAuthLogin,
  registerOAuthTokens,
  registerOAuthRegistration,
] as const;

/** The authorization server of one site; each part with its own body parsers, errors and CORS. */
export async function registerOAuth(
  app: FastifyInstance,
  oauth: OAuthSite,
  document: ServerDocument,
): Promise<void> {
  for (const part of PARTS) {
    await app.register((scope, _options, done) => {
      registerHostGuard(scope, document);
      if (part !== registerOAuthMetadata) limitAddresses(scope, oauth);
      // Not earlier: reading a body leaves the context that a hook has begun.
      scope.addHook('preHandler', (request, _reply, next) => onBehalfOf(request.id, next));
      part(scope, oauth);
      done();
    });
  }
}

/** Before a body is read; preflights are answered without looking at anything. */
function limitAddresses(app: FastifyInstance, { limits }: OAuthSite): void {
  app.addHook('onRequest', (request, _reply, next) => {
    if (request.method !== 'OPTIONS') limits.arrive(request.ip);
    next();
  });
}

/**
 * Where a refused request is sent for a token. The metadata has the spelling of the URL that was
 * asked, since the client compares them.
 *
 * @see RFC 9728 section 3.3
 */
export function tokenOffer({ urls }: OAuthSite) {
  return (request: FastifyRequest, scopes: readonly string[] = [SCOPES.read]) => ({
    resourceMetadata: urls.origin + resourceMetadataPath(request.routeOptions.url ?? urls.path),
    scope: scopes.join(' '),
  });
}
