import type { Tokens } from './oidc-app';

/** What an application keeps for an SDK of either version, and where it wants its user to go. */
export interface SdkProvider {
  /** To be handed to the transport, as the `OAuthClientProvider` of its SDK. */
  readonly provider: object;
  /** How often a sign-in was asked for. */
  readonly signIns: () => number;
  /** The last address that the user was sent to. */
  readonly authorizationUrl: () => string;
  readonly tokens: () => Tokens;
}

export function createSdkProvider(redirectUrl: string): SdkProvider {
  const kept: Record<string, unknown> = {};
  const asked: URL[] = [];
  const provider = {
    redirectUrl,
    clientMetadata: { client_name: 'SDK client', redirect_uris: [redirectUrl] },
    state: () => 'state-of-the-sdk',
    clientInformation: () => kept['client'],
    saveClientInformation: (client: unknown) => void (kept['client'] = client),
    tokens: () => kept['tokens'],
    saveTokens: (tokens: unknown) => void (kept['tokens'] = tokens),
    redirectToAuthorization: (url: URL) => void asked.push(url),
    saveCodeVerifier: (verifier: string) => void (kept['verifier'] = verifier),
    codeVerifier: () => String(kept['verifier']),
    saveDiscoveryState: (state: unknown) => void (kept['discovery'] = state),
    discoveryState: () => kept['discovery'],
    invalidateCredentials: (scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') => {
      for (const key of scope === 'all' ? Object.keys(kept) : [scope]) delete kept[key];
    },
  };
  return {
    provider,
    signIns: () => asked.length,
    authorizationUrl: () => asked.at(-1)?.href ?? '',
    tokens: () => kept['tokens'] as Tokens,
  };
}
