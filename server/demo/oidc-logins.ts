import { randomInt } from 'node:crypto';

import { RucioFailure, UnhandledFailure } from './failure';
import type { LoginMarks, ProviderClient, ProviderTokens } from './provider-client';
import type { SeedPerson } from './seed-people';
import type { RenewableSession, Session, Sessions } from './sessions';

export interface OidcLoginsDeps {
  /** How requests name the provider: the key in Rucio's `idpsecrets.json`. */
  readonly name: string;
  /** `undefined`: this Rucio has none. */
  readonly provider: ProviderClient | undefined;
  readonly people: readonly SeedPerson[];
  readonly sessions: Sessions;
  readonly hasAccount: (account: string) => boolean;
  readonly clock: () => number;
}

/** What the headers of `/auth/oidc` ask for. */
export interface LoginWish {
  readonly account: string | undefined;
  readonly scope: string | undefined;
  readonly audience: string | undefined;
  readonly issuer: string | undefined;
  /** Whether the client fetches the token by the login URL; else by a code that the user sees. */
  readonly polling: boolean;
  /** Hours. */
  readonly refreshLifetime: string | undefined;
}

/** A row of Rucio's table `oauth_requests`. */
interface LoginRequest extends LoginMarks {
  readonly account: string | undefined;
  /** What stands behind the `?` of the login URL; later the code that the user sees. */
  key: string;
  readonly polling: boolean;
  /** Where the browser goes; `undefined` once the token is there. */
  authorizationUrl: string | undefined;
  token: string | undefined;
  readonly expiresAt: number;
  readonly refreshHours: number | undefined;
}

/** What an end of a login shows: a code to copy, or only that all is well. */
export type Completed = { readonly code: string } | 'polling';

const REQUIRED_SCOPE = ['openid', 'profile'];
const REQUIRED_AUDIENCE = ['rucio'];
/** Life of a login that nobody finishes, and of a token that is not renewed again, in milliseconds. */
const FIVE_MINUTES_MS = 300_000;
const HOUR_MS = 3_600_000;
/** How long a session may be renewed where the request does not say it. */
const REFRESH_HOURS = 96;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Signs users in at an identity provider, with the steps, the life times and the refusals of Rucio
 * 41.5.1. Unlike Rucio it does not take an access token that a client has got from the provider itself.
 */
export class OidcLogins {
  readonly #deps: OidcLoginsDeps;
  readonly #requests: LoginRequest[] = [];

  constructor(deps: OidcLoginsDeps) {
    this.#deps = deps;
  }

  /**
   * The URL that a user has to open.
   *
   * @returns `undefined` for an account that is not there
   * @throws {RucioFailure} 500 CannotAuthenticate
   */
  async start(wish: LoginWish): Promise<string | undefined> {
    const { provider, name, clock, hasAccount } = this.#deps;
    const { account, polling } = wish;
    const scope = wish.scope ?? REQUIRED_SCOPE.join(' ');
    const audience = wish.audience ?? REQUIRED_AUDIENCE.join(' ');
    if (!includesAll(scope, REQUIRED_SCOPE) || !includesAll(audience, REQUIRED_AUDIENCE)) {
      throw cannotAuthenticate(
        'Requirements of scope and audience do not satisfy minimal requirements of the Rucio server.',
      );
    }
    if (account !== undefined && !hasAccount(account)) return undefined;
    if (provider === undefined) throw cannotAuthenticate('Rucio has no identity provider.');
    if ((wish.issuer ?? name) !== name) throw cannotAuthenticate('unknown issuer');
    const hours = wish.refreshLifetime;
    if (hours !== undefined && !/^\s*[-+]?\d+\s*$/.test(hours)) {
      throw cannotAuthenticate('invalid literal for int()');
    }
    const marks = { state: randomText(50), nonce: randomText(50) };
    const authorizationUrl = await provider
      .authorizationUrl(marks, scope, audience)
      .catch((error: unknown) => {
        throw cannotAuthenticate(String(error));
      });
    const request: LoginRequest = {
      ...marks,
      account,
      polling,
      key: randomText(23) + (polling ? '_polling' : ''),
      authorizationUrl,
      token: undefined,
      expiresAt: clock() + FIVE_MINUTES_MS,
      refreshHours: hours === undefined ? undefined : Number(hours),
    };
    this.#requests.push(request);
    this.#forgetExpired(account);
    return loginUrl(provider.redirectUri, request.key);
  }

  /** Where the browser that opened the login URL goes; `undefined` for an unknown or finished login. */
  redirect(key: string): string | undefined {
    return this.#find(key)?.authorizationUrl;
  }

  /**
   * The token of a finished login. As in Rucio it can be fetched again and again.
   *
   * @throws {RucioFailure} 500 CannotAuthenticate once the token has expired
   */
  fetch(key: string): string | undefined {
    const token = this.#find(key)?.token;
    if (token !== undefined) this.#deps.sessions.describe(token);
    return token;
  }

  /** Takes the provider's answer; `undefined` for everything that is wrong, as Rucio tells no more. */
  async complete(answer: URLSearchParams): Promise<Completed | undefined> {
    const state = answer.get('state');
    const request = this.#requests.find((known) => known.state === state);
    const { provider } = this.#deps;
    if (request?.authorizationUrl === undefined || !answer.has('code')) return undefined;
    try {
      const tokens = await provider?.exchange(answer, request);
      if (tokens === undefined) return undefined;
      const { subject, issuer } = tokens;
      const person = this.#deps.people.find((known) => known.subject === subject);
      const account = request.account ?? person?.accounts[0];
      if (account === undefined || person?.accounts.includes(account) !== true) return undefined;
      const hours = request.refreshHours ?? REFRESH_HOURS;
      const identity = `SUB=${subject}, ISS=${issuer}`;
      this.#keep(account, identity, tokens, hours);
      request.token = tokens.accessToken;
    } catch {
      return undefined;
    }
    request.authorizationUrl = undefined;
    if (request.polling) return 'polling';
    request.key = randomText(50);
    return { code: request.key };
  }

  /**
   * A token that lasts longer than this one, or this one if it is new.
   *
   * @returns `undefined` where nothing can be renewed
   * @throws {RucioFailure} 500 CannotAuthorize when the provider renews nothing
   */
  async refresh(token: string, account: string): Promise<Session | undefined> {
    const { sessions, provider, clock } = this.#deps;
    const session = sessions.find(token);
    if (session?.account !== account || !isRenewable(session)) return undefined;
    const now = clock();
    const { renewal } = session;
    if (!renewal.active) {
      // Renewed before: whoever still has the old token gets the one that came of it.
      const next = sessions.renewable(account, now);
      const rights = [session.scope, session.audience].map((text) => text?.split(' ') ?? []);
      const isAlike =
        next !== undefined &&
        includesAll(next.scope ?? '', rights[0] ?? []) &&
        includesAll(next.audience ?? '', rights[1] ?? []);
      return isAlike ? next : undefined;
    }
    if (renewal.updatedAt > now - FIVE_MINUTES_MS) return session;
    if (now - renewal.startedAt > renewal.hours * HOUR_MS) {
      endRenewal(session, now);
      throw new UnhandledFailure("'NoneType' object is not subscriptable");
    }
    const tokens = await provider?.refresh(renewal.refreshToken).catch((error: unknown) => {
      throw new RucioFailure(500, 'CannotAuthorize', String(error));
    });
    if (tokens === undefined) return undefined;
    endRenewal(session, now);
    return this.#keep(account, session.identity, tokens, renewal.hours, renewal.startedAt);
  }

  #keep(
    account: string,
    identity: string,
    tokens: ProviderTokens,
    hours: number,
    startedAt = this.#deps.clock(),
  ): Session {
    const now = this.#deps.clock();
    const { accessToken: token, expiresIn, refreshToken, scope, audience } = tokens;
    const session: Session = {
      account,
      identity,
      token,
      expiresAt: now + expiresIn * 1000,
      scope,
      audience,
      ...(refreshToken === undefined
        ? {}
        : {
            renewal: {
              refreshToken,
              active: true,
              updatedAt: now,
              startedAt,
              endsAt: now + REFRESH_HOURS * HOUR_MS,
              // As in Python, where 0 is as good as nothing.
              hours: hours === 0 ? REFRESH_HOURS : hours,
            },
          }),
    };
    this.#deps.sessions.keep(session);
    return session;
  }

  #find(key: string): LoginRequest | undefined {
    return this.#requests.find((known) => known.key === key);
  }

  /** Rucio does it only when the next login for the same account is begun. */
  #forgetExpired(account: string | undefined): void {
    const now = this.#deps.clock();
    const kept = this.#requests.filter(
      (request) => request.account !== account || request.expiresAt > now,
    );
    this.#requests.splice(0, this.#requests.length, ...kept);
  }
}

/**
 * The address of the login at Rucio. A real server writes https in any case, as it is never without it;
 * here it is what the redirect URI has, since browsers would not trust a certificate of the demo.
 */
function loginUrl(redirectUri: string, key: string): string {
  const { origin, pathname } = new URL(redirectUri);
  const [prefix = ''] = pathname.split('auth/');
  return `${origin}${prefix}auth/oidc_redirect?${key}`;
}

function isRenewable(session: Session): session is RenewableSession {
  return session.renewal !== undefined;
}

function endRenewal(session: RenewableSession, now: number): void {
  session.renewal.active = false;
  session.renewal.updatedAt = now;
}

function includesAll(text: string, required: readonly string[]): boolean {
  const words = text.split(' ');
  return required.every((word) => words.includes(word));
}

function cannotAuthenticate(message: string): RucioFailure {
  return new RucioFailure(500, 'CannotAuthenticate', message);
}

function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
}
