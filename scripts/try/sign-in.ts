import { randomBytes } from 'node:crypto';

import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

import { AnswerListener } from './answer-listener';

/** The user, or the server, said no. */
export class SignInRefused extends Error {}

/** What an MCP client keeps for one user and one server, for as long as the program runs. */
export class SignIn implements OAuthClientProvider {
  readonly #listener: AnswerListener;
  readonly #show: (url: URL) => void;
  #state = '';
  #answer: Promise<URLSearchParams> | undefined;
  #verifier = '';
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #discovered: OAuthDiscoveryState | undefined;

  private constructor(listener: AnswerListener, show: (url: URL) => void) {
    this.#listener = listener;
    this.#show = show;
  }

  /** @param show - leads the user to the address */
  static async open(show: (url: URL) => void): Promise<SignIn> {
    return new SignIn(await AnswerListener.open(), show);
  }

  /** Whether the user has been sent to sign in, and the answer was not fetched yet. */
  get isUnderWay(): boolean {
    return this.#answer !== undefined;
  }

  /**
   * Waits for the user.
   *
   * @throws {SignInRefused}
   */
  async answer(): Promise<URLSearchParams> {
    const answer = await this.#answer;
    this.#answer = undefined;
    const error = answer?.get('error') ?? undefined;
    if (answer === undefined || error !== undefined) {
      const why = answer?.get('error_description') ?? '';
      throw new SignInRefused(
        `The sign-in was refused: ${error ?? 'no answer'}${why === '' ? '' : ` (${why})`}.`,
      );
    }
    return answer;
  }

  /**
   * Withdraws the tokens.
   *
   * @returns whether the server has done it
   * @see RFC 7009 section 2.1
   */
  async signOut(): Promise<boolean> {
    const metadata = this.#discovered?.authorizationServerMetadata ?? {};
    const endpoint = 'revocation_endpoint' in metadata ? metadata.revocation_endpoint : undefined;
    const token = this.#tokens?.refresh_token ?? this.#tokens?.access_token;
    if (typeof endpoint !== 'string' || token === undefined) return false;
    const body = new URLSearchParams({ token, client_id: this.#client?.client_id ?? '' });
    this.#tokens = undefined;
    return (await fetch(endpoint, { method: 'POST', body })).ok;
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  get grantedScope(): string {
    return this.#tokens?.scope ?? '';
  }

  get redirectUrl(): string {
    return this.#listener.redirectUri;
  }

  get clientMetadata(): OAuthClientMetadata {
    return { client_name: 'npm run try', redirect_uris: [this.redirectUrl] };
  }

  state(): string {
    this.#state = randomBytes(16).toString('base64url');
    return this.#state;
  }

  redirectToAuthorization(url: URL): void {
    this.#answer = this.#listener.answerTo(this.#state);
    this.#show(url);
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovered;
  }
}
