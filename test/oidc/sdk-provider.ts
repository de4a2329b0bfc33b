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
  const kept = new Map<string, unknown>();
  const asked: URL[] = [];
  const provider = {
    redirectUrl,
    clientMetadata: { client_name: 'SDK client', redirect_uris: [redirectUrl] },
    state: () => 'state-of-the-sdk',
    clientInformation: () => kept.get('client'),
    saveClientInformation: (client: unknown) => void kept.set('client', client),
    tokens: () => kept.get('tokens'),
    saveTokens: (tokens: unknown) => void kept.set('tokens', tokens),
    redirectToAuthorization: (url: URL) => void asked.push(url),
    saveCodeVerifier: (verifier: string) => void kept.set('verifier', verifier),
    codeVerifier: () => String(kept.get('verifier')),
    saveDiscoveryState: (state: unknown) => void kept.set('discovery', state),
    discoveryState: () => kept.get('discovery'),
    invalidateCredentials: (scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') => {
      if (scope === 'all') kept.clear();
      else kept.delete(scope);
    },
  };
  return {
    provider,
    signIns: () => asked.length,
    authorizationUrl: () => asked.at(-1)?.href ?? '',
    tokens: () => kept.get('tokens') as Tokens,
  };
}
