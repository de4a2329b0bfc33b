import { SCOPES, type Scope } from '../../../lib/contract/scopes';
import { RucioClient } from '../../rucio/client';
import type { RucioHttp } from '../../rucio/http';
import { presentedBearer } from '../presented-bearer';
import type { Authenticator } from '../principal';
import { UserSession } from '../user-session';
import { digest } from './digest';
import type { GrantStore } from './grant-store';
import type { Vault } from './vault';

export interface BearerDeps {
  readonly vault: Vault;
  readonly grants: GrantStore;
  /** Of the settings, by id. */
  readonly clients: ReadonlyMap<string, unknown>;
  /** To the site's Rucio server; all users share its connections. */
  readonly http: RucioHttp;
}

/**
 * Lets in whoever presents an access token of this site, as the user who signed in. The token itself
 * goes nowhere; what is sent to Rucio is the session inside it.
 *
 * @see MCP 2026-07-28 authorization, "Token Handling"
 */
export function oauthAuthenticator({ vault, grants, clients, http }: BearerDeps): Authenticator {
  const configured = new Set([...clients.keys()].map(digest));
  return async (authorization) => {
    const presented = presentedBearer(authorization);
    if (presented.bearer === undefined) return { ok: false, failure: presented.failure };
    const opened = await vault.openAccessToken(presented.bearer);
    if (opened === undefined) return { ok: false, failure: { reason: 'unknown_token' } };
    const { id, expiresAt, goneAt, content } = opened;
    const isRemoved = content.clientIsConfigured && !configured.has(content.client);
    if (isRemoved || (await grants.isRevoked(id, content.family))) {
      return { ok: false, failure: { reason: 'revoked' } };
    }
    const session = new UserSession(content.rucio, () => {
      // The next request is answered with 401, and the client gets a new token or asks its user.
      // Where that can not be noted, Rucio refuses the session once more.
      grants.revokeToken(id, goneAt).catch(() => undefined);
    });
    return {
      ok: true,
      principal: {
        account: content.account,
        scopes: scopesOf(content.scope),
        rucio: new RucioClient(http, session),
        session: { expiresAt: new Date(expiresAt * 1000) },
      },
    };
  };
}

function scopesOf(text: string): Scope[] {
  const granted = text.split(' ');
  return Object.values(SCOPES).filter((scope) => granted.includes(scope));
}
