// A certified OpenID provider on loopback, as a program of its own: jest can not load its modules.
// Usage: node identity-provider.mjs <redirect URI of Rucio>; prints its issuer when it listens.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
const SCOPES = 'openid profile email offline_access';
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'rucio',
        client_secret: 's3cret-s3cret',
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [key] },
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    cookies: { keys: ['for tests only'] },
    // Rucio sends audience=, not resource=, and no PKCE challenge.
    extraParams: ['audience'],
    pkce: { required: () => false },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        defaultResource: (ctx) => `urn:aud:${ctx.oidc.params.audience ?? 'rucio'}`,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: SCOPES,
          audience: resource.slice('urn:aud:'.length),
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // A refresh answer without a refresh token is an error for Rucio.
    rotateRefreshToken: () => true,
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: sub, email: `${sub}@example.org` }),
    }),
  });
  // Without a prompt the provider drops offline_access silently.
  provider.use(async (ctx, next) => {
    if (
      ctx.path === '/auth' &&
      /\boffline_access\b/.test(String(ctx.query.scope)) &&
      !ctx.query.prompt
    ) {
      ctx.query = { ...ctx.query, prompt: 'consent' };
    }
    await next();
  });
  server.on('request', provider.callback());
  process.stdout.write(`issuer ${issuer}\n`);
});
process.once('SIGTERM', () => process.exit(0));
