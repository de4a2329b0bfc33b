import { randomBytes } from 'node:crypto';

import { RucioFailure } from './failure';
import type { SeedIdentity } from './seed-accounts';

export interface Session {
  readonly account: string;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface Credentials {
  readonly account: string;
  readonly vo: string;
  readonly username: string;
  readonly password: string;
  /** Becomes a part of the token. */
  readonly appId: string;
}

/** The only virtual organisation of the demo. */
const VO = 'def';

export interface SessionsDeps {
  readonly identities: readonly SeedIdentity[];
  /** Life of a token, in milliseconds; one hour in Rucio. */
  readonly tokenLifeMs: number;
  readonly clock: () => number;
}

/** Signs in user names with their passwords and knows whose token is whose. */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #sessions = new Map<string, Session>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /**
   * The accounts that a user name stands for. As in Rucio the password is looked at only where no
   * account is found.
   *
   * @throws {RucioFailure} 401 when the user name is unknown
   */
  accountsOf(username: string): readonly string[] {
    const identity = this.#deps.identities.find((known) => known.username === username);
    if (identity === undefined) {
      throw new RucioFailure(
        401,
        'IdentityError',
        'Cannot authenticate. The identity does not exist.',
      );
    }
    return identity.accounts;
  }

  /** Whether a user name may sign in to an account. */
  hasIdentity(account: string, username: string): boolean {
    return this.#deps.identities.some(
      (known) => known.username === username && known.accounts.includes(account),
    );
  }

  /** @throws {RucioFailure} 401 CannotAuthenticate when account, user and password do not agree */
  signIn({ account, vo, username, password, appId }: Credentials): Session {
    const identity = this.#deps.identities.find(
      (known) => known.username === username && known.accounts.includes(account),
    );
    if (identity?.password !== password || vo !== VO) {
      throw new RucioFailure(
        401,
        'CannotAuthenticate',
        `Cannot authenticate to account ${account} with given credentials`,
      );
    }
    const now = this.#deps.clock();
    for (const [token, session] of this.#sessions) {
      if (session.expiresAt <= now) this.#sessions.delete(token);
    }
    const token = `${account}-${username}-${appId}-${randomBytes(16).toString('hex')}`;
    const session = { account, token, expiresAt: now + this.#deps.tokenLifeMs };
    this.#sessions.set(token, session);
    return session;
  }

  /**
   * The account that a token belongs to.
   *
   * @throws {RucioFailure} 400 without a token, 401 CannotAuthenticate with a wrong or expired one
   */
  authenticate(token: string | undefined): string {
    if (token === undefined || token === '') {
      throw new RucioFailure(400, 'ValueError', 'Token must be set.');
    }
    const session = this.#sessions.get(token.trim());
    if (session === undefined || session.expiresAt <= this.#deps.clock()) {
      throw new RucioFailure(
        401,
        'CannotAuthenticate',
        'Cannot authenticate with given credentials',
      );
    }
    return session.account;
  }
}
