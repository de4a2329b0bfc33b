import { SCOPES, type Scope } from '../../../lib/contract/scopes';
import { AppError } from '../../errors';
import { RucioClient } from '../../rucio/client';
import type { RucioHttp } from '../../rucio/http';
import type { TokenSource } from '../../rucio/session';
import type { Authenticator } from '../principal';
import type { GrantStore } from './grant-store';
import type { Vault } from './vault';

/** RFC 6750 section 2.1: `b64token`. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

export interface BearerDeps {
  readonly vault: Vault;
  readonly grants: GrantStore;
  /** To the site's Rucio server; all users share its connections. */
  readonly http: RucioHttp;
}

/**
 * Lets in whoever presents an access token of this site, as the user who signed in. The token itself
 * goes nowhere; what is sent to Rucio is the session inside it.
 *
 * @see MCP 2026-07-28 authorization, "Token Handling"
 */
export function oauthAuthenticator({ vault, grants, http }: BearerDeps): Authenticator {
  return async (authorization) => {
    if (authorization === undefined) return { ok: false, failure: { reason: 'missing' } };
    const presented = BEARER.exec(authorization)?.[1];
    if (presented === undefined) return { ok: false, failure: { reason: 'malformed' } };
    const opened = await vault.open('access-token', presented);
    if (opened === undefined) return { ok: false, failure: { reason: 'unknown_token' } };
    const { id, expiresAt, goneAt, content } = opened;
    if (await grants.isRevoked(id, content.family)) {
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

/** The session of one user, for one request. It can not be renewed here: only the client can. */
class UserSession implements TokenSource {
  readonly #token: string;
  readonly #onEnd: () => void;
  #ended = false;

  constructor(token: string, onEnd: () => void) {
    this.#token = token;
    this.#onEnd = onEnd;
  }

  token(signal: AbortSignal): Promise<string> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return this.#ended ? Promise.reject(sessionEnded()) : Promise.resolve(this.#token);
  }

  invalidate(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
  }
}

function sessionEnded(): AppError {
  return new AppError('LOGIN', {
    what: 'Rucio has ended the session of this user.',
    next: 'call again: the client then renews its access, or asks the user to sign in',
  });
}

function scopesOf(text: string): Scope[] {
  const granted = text.split(' ');
  return Object.values(SCOPES).filter((scope) => granted.includes(scope));
}
