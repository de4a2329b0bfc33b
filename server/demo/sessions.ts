import { randomBytes } from 'node:crypto';

import { RucioFailure } from './failure';
import type { SeedIdentity } from './seed-accounts';

export interface Session {
  readonly account: string;
  /** Who has signed in: a user name, or the subject at an identity provider. */
  readonly identity: string;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Of a token of an identity provider. */
  readonly audience: string | null;
  readonly scope: string | null;
  /** Where the identity provider can renew it. */
  readonly renewal?: Renewal;
}

export interface Renewal {
  readonly refreshToken: string;
  /** Until it has been renewed once. */
  active: boolean;
  /** Milliseconds since the epoch, as all times here. */
  updatedAt: number;
  /** When the first session of this login began. */
  readonly startedAt: number;
  readonly endsAt: number;
  /** How long from its begin a login is renewed. */
  readonly hours: number;
}

export type RenewableSession = Session & { readonly renewal: Renewal };

export interface Credentials {
  readonly account: string;
  readonly vo: string;
  readonly username: string;
  readonly password: string;
  /** Becomes a part of the token. */
  readonly appId: string;
}

/** The only virtual organisation of the demo. */
export const VO = 'def';

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
    const session = {
      account,
      identity: username,
      token: `${account}-${username}-${appId}-${randomBytes(16).toString('hex')}`,
      expiresAt: this.#deps.clock() + this.#deps.tokenLifeMs,
      audience: null,
      scope: null,
    };
    this.keep(session);
    return session;
  }

  /** Lets a token in from now on. */
  keep(session: Session): void {
    const now = this.#deps.clock();
    for (const [token, { expiresAt }] of this.#sessions) {
      if (expiresAt <= now) this.#sessions.delete(token);
    }
    this.#sessions.set(session.token, session);
  }

  /** The session of a token, unless it has ended. */
  find(token: string): Session | undefined {
    const session = this.#sessions.get(token.trim());
    return session !== undefined && session.expiresAt > this.#deps.clock() ? session : undefined;
  }

  /** A session of the account that can be renewed now. */
  renewable(account: string, now: number): Session | undefined {
    return [...this.#sessions.values()].find(
      (session) =>
        session.account === account &&
        session.expiresAt > now &&
        session.renewal?.active === true &&
        session.renewal.endsAt > now,
    );
  }

  /**
   * What `/auth/validate` tells.
   *
   * @throws {RucioFailure} 500 CannotAuthenticate for a wrong or expired token
   */
  describe(token: string): Session {
    const session = this.find(token);
    if (session === undefined) throw new RucioFailure(500, 'CannotAuthenticate', 'NoneType: None');
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
    const session = this.find(token);
    if (session === undefined) {
      throw new RucioFailure(
        401,
        'CannotAuthenticate',
        'Cannot authenticate with given credentials',
      );
    }
    return session.account;
  }
}
