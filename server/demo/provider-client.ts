import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';

import { RucioUrl } from '../../lib/contract/sites';

export interface ProviderClientOptions {
  /** https, or http on a loopback address. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends browsers back to. */
  readonly redirectUri: string;
}

/** One login, as it is remembered from its start to its end. */
export interface LoginMarks {
  readonly state: string;
  /** Ties the ID token to this login. */
  readonly nonce: string;
}

export interface ProviderTokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
  /** As the access token says; `null` where it is not one that can be read. */
  readonly scope: string | null;
  readonly audience: string | null;
}

/** What Rucio asks of its users' identity provider. */
export class ProviderClient {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly #client: oauth.Client;
  readonly #authentication: oauth.ClientAuth;
  #server: Promise<oauth.AuthorizationServer> | undefined;

  /** @throws {ZodError} for plain http to another computer */
  constructor({ issuer, clientId, clientSecret, redirectUri }: ProviderClientOptions) {
    this.issuer = RucioUrl.parse(issuer);
    this.redirectUri = RucioUrl.parse(redirectUri);
    this.#client = { client_id: clientId };
    this.#authentication = oauth.ClientSecretBasic(clientSecret);
  }

  /**
   * Where a browser is sent. Rucio sends no PKCE challenge, and an `audience` instead of a `resource`.
   *
   * @throws {Error} when the provider does not describe itself
   */
  async authorizationUrl(
    { state, nonce }: LoginMarks,
    scope: string,
    audience: string,
  ): Promise<string> {
    const { authorization_endpoint: endpoint } = await this.#metadata();
    if (endpoint === undefined) throw new Error('the provider has no authorization endpoint');
    const url = new URL(endpoint);
    const parameters = {
      grant_types: "['authorization_code']",
      response_type: 'code',
      state,
      nonce,
      scope,
      audience,
      redirect_uri: this.redirectUri,
      client_id: this.#client.client_id,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /**
   * Exchanges the code of an answer, and says whose it is.
   *
   * @throws {Error} for a denied login, a used code, an ID token of another login
   */
  async exchange(
    answer: URLSearchParams,
    { state, nonce }: LoginMarks,
  ): Promise<ProviderTokens & { readonly subject: string; readonly issuer: string }> {
    const server = await this.#metadata();
    const checked = oauth.validateAuthResponse(server, this.#client, answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      this.#client,
      this.#authentication,
      checked,
      this.redirectUri,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- Rucio has none
      oauth.nopkce,
      INSECURE_ON_LOOPBACK,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, this.#client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, INSECURE_ON_LOOPBACK);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    if (claims === undefined) throw new Error('the provider gave no ID token');
    return { ...readTokens(tokens), subject: claims.sub, issuer: claims.iss };
  }

  /** @throws {Error} when the provider renews nothing */
  async refresh(refreshToken: string): Promise<ProviderTokens> {
    const server = await this.#metadata();
    const response = await oauth.refreshTokenGrantRequest(
      server,
      this.#client,
      this.#authentication,
      refreshToken,
      INSECURE_ON_LOOPBACK,
    );
    return readTokens(await oauth.processRefreshTokenResponse(server, this.#client, response));
  }

  /** Asked for once; after a failure again. */
  #metadata(): Promise<oauth.AuthorizationServer> {
    this.#server ??= this.#discover().catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(this.issuer);
    const response = await oauth.discoveryRequest(issuer, INSECURE_ON_LOOPBACK);
    return oauth.processDiscoveryResponse(issuer, response);
  }
}

/** The constructor takes plain http on loopback addresses only. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody uses it elsewhere
const INSECURE_ON_LOOPBACK = { [oauth.allowInsecureRequests]: true };

function readTokens(tokens: oauth.TokenEndpointResponse): ProviderTokens {
  return {
    accessToken: tokens.access_token,
    expiresIn: tokens.expires_in ?? 0,
    refreshToken: tokens.refresh_token,
    ...rightsOf(tokens.access_token),
  };
}

function rightsOf(accessToken: string): Pick<ProviderTokens, 'scope' | 'audience'> {
  try {
    const { scope, aud } = decodeJwt<{ scope?: string }>(accessToken);
    return { scope: scope ?? '', audience: [aud ?? []].flat().join(' ') };
  } catch {
    return { scope: null, audience: null };
  }
}
