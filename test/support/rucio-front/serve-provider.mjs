// An identity provider with one client, which may ask for tokens for itself. Prints its addresses as
// one line of JSON. Arguments: certificate file, key file. Runs until its standard input ends.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

import Provider from 'oidc-provider';

const SCOPE = 'openid profile';
const [certFile, keyFile] = process.argv.slice(2);

const listen = async (server) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
};

const plain = createServer();
const tls = createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
const issuer = `http://127.0.0.1:${await listen(plain)}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'robot-client',
      client_secret: 'not: so secret/+',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  jwks: { keys: [jwk] },
  scopes: SCOPE.split(' '),
  extraParams: ['audience'],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      defaultResource: () => 'urn:aud:rucio',
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience: 'rucio',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
provider.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));
plain.on('request', provider.callback());
tls.on('request', provider.callback());
const tokenEndpoint = `https://127.0.0.1:${await listen(tls)}/token`;
process.stdout.write(`${JSON.stringify({ issuer, tokenEndpoint })}\n`);
process.stdin.resume().once('end', () => process.exit(0));
