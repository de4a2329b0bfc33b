import type { ServerAuth } from '../../lib/contract/server-document';

/** How users sign in where pods share a ring of keys and a Redis. */
export function sharedState(
  sealingKeysFile: string,
  redisUrl: string,
): Extract<ServerAuth, { mode: 'oidc' }> {
  return {
    mode: 'oidc',
    login: 'poll',
    tokenFormat: 'jwe',
    clients: [],
    sealingKeysFile,
    redis: { url: redisUrl, username: '', passwordFile: null, caFile: null },
  };
}
