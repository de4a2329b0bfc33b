import * as oauth from 'oauth4webapi';
import { Agent, fetch } from 'undici';

import { AppError } from '../../errors';
import type { Session } from '../session';
import { type CredentialFile, readHeaderValue } from './credential-file';
import type { RobotLogin } from './robot-login';

export interface OidcOptions {
  readonly site: string;
  readonly clock: () => number;
  readonly tokenEndpoint: string;
  readonly clientId: CredentialFile;
  readonly clientSecret: CredentialFile;
  readonly scope: string;
  readonly audience: string;
  /** Certification authorities, PEM; default: Node's own. */
  readonly ca: readonly string[] | undefined;
  readonly timeoutMs: number;
}

/** Life of a token whose end the provider does not tell, in milliseconds. */
const DEFAULT_LIFE_MS = 5 * 60_000;

/**
 * Signs in at the identity provider with client credentials. Rucio takes the provider's access token
 * as its own: it belongs to the account that the client's subject is mapped to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function oidcLogin(options: OidcOptions): RobotLogin {
  const credentials = async () => ({
    id: await readHeaderValue(options.clientId),
    secret: await readHeaderValue(options.clientSecret),
  });
  return {
    check: async () => {
      await credentials();
      return {};
    },
    login: async () => {
      const { id, secret } = await credentials();
      try {
        return await requestToken(options, { client_id: id }, oauth.ClientSecretBasic(secret));
      } catch (error) {
        throw explain(error, options.site);
      }
    },
  };
}

async function requestToken(
  options: OidcOptions,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
): Promise<Session> {
  const { tokenEndpoint, scope, audience, ca, timeoutMs, clock } = options;
  const server: oauth.AuthorizationServer = {
    issuer: new URL(tokenEndpoint).origin,
    token_endpoint: tokenEndpoint,
  };
  const dispatcher = new Agent({
    connect: { timeout: timeoutMs, ...(ca === undefined ? {} : { ca: [...ca] }) },
  });
  try {
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      { scope, audience },
      {
        signal: AbortSignal.timeout(timeoutMs),
        [oauth.customFetch]: async (url, { method, headers, body, redirect, signal }) =>
          fetch(url, {
            method,
            headers,
            body: body.toString(),
            redirect,
            dispatcher,
            ...(signal === undefined ? {} : { signal }),
          }),
      },
    );
    const token = await oauth.processClientCredentialsResponse(server, client, response);
    const lifeMs = token.expires_in === undefined ? DEFAULT_LIFE_MS : token.expires_in * 1000;
    return { token: token.access_token, expiresAt: clock() + lifeMs };
  } finally {
    await dispatcher.destroy();
  }
}

function explain(error: unknown, site: string): unknown {
  const refused =
    error instanceof oauth.ResponseBodyError ||
    error instanceof oauth.WWWAuthenticateChallengeError;
  if (refused && error.status < 500) {
    return new AppError('LOGIN', {
      what: `The identity provider of site ${site} refused the robot's client credentials.`,
      next: "ask the server's operator to check the client, its secret, scope and audience",
      cause: error,
    });
  }
  return new AppError('RUCIO_DOWN', {
    what: `The identity provider of site ${site} gave no token to sign in at Rucio with.`,
    next: 'try again in a minute; if it stays, ask the operator to check the token endpoint',
    cause: error,
  });
}
