import type { StaticClient } from '../../../../lib/contract/static-clients';
import type { OAuthClient } from './client';

/** The clients of the settings, by their id. */
export function configuredClients(
  clients: readonly StaticClient[],
): ReadonlyMap<string, OAuthClient> {
  return new Map(
    clients.map(({ clientId, clientName, redirectUris }) => [
      clientId,
      { id: clientId, name: clientName, host: null, isConfigured: true, redirects: redirectUris },
    ]),
  );
}
