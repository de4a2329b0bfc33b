import { generateKeyPairSync, randomBytes } from 'node:crypto';

import type { Configuration, JWK } from 'oidc-provider';

import type { ProviderSettings } from './provider-settings';

const SCOPES = 'openid profile email offline_access';
/** Resources are URIs; Rucio's audiences are words. */
const RESOURCE = 'urn:aud:';
/** Life of an access token, in seconds. */
const TOKEN_SECONDS = 3600;
/** Where the sign-in page of a login is. */
export const INTERACTION_PATH = '/interaction/';

/** What makes a certified OpenID provider one that Rucio accepts; its keys are new each time. */
export function providerConfiguration({ client, people }: ProviderSettings): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...jwk, kid: 'demo', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    // Rucio sends audience=, not resource=, and no PKCE challenge.
    extraParams: ['audience'],
    pkce: { required: () => false },
    interactions: { url: (_ctx, { uid }) => INTERACTION_PATH + uid },
    ttl: { Interaction: 600, Session: 3600, Grant: 14 * 86_400, RefreshToken: 14 * 86_400 },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        defaultResource: (ctx) => {
          const audience = ctx.oidc.params?.['audience'];
          return RESOURCE + (typeof audience === 'string' ? audience : 'rucio');
        },
        getResourceServerInfo: (_ctx, resource) => ({
          scope: SCOPES,
          audience: resource.slice(RESOURCE.length),
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // A refresh answer without a refresh token is an error for Rucio.
    rotateRefreshToken: () => true,
    findAccount: (_ctx, subject) => {
      const person = people.find((known) => known.subject === subject);
      if (person === undefined) return undefined;
      const { name } = person;
      const claims = { sub: subject, name, email: `${subject}@demo.example.org` };
      return { accountId: subject, claims: () => claims };
    },
  };
}
