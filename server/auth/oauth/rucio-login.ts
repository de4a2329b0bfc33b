import { type Site, isLoopbackHost } from '../../../lib/contract/sites';
import { discard } from '../../rucio/body';
import type { RucioAnswer, RucioHttp } from '../../rucio/http';
import { type RucioSession, brokenAnswer, isRefusal, validateSession } from '../rucio-session';

/** How long Rucio may renew a session, in hours; its own default. */
export const RENEWABLE_HOURS = 96;
/** What stands behind the `?` of Rucio's login URL, and the code that a user pastes. */
const FETCH_KEY = /^[A-Za-z0-9_-]{8,128}$/;
const PASTED_CODE = /^[A-Za-z0-9]{50}$/;

export interface StartedLogin {
  /** Where the user signs in. */
  readonly loginUrl: string;
  /** With this the session token can be fetched, by anybody: a secret. */
  readonly fetchKey: string;
}

export interface RucioLoginOptions {
  readonly site: Site;
  /** To the site's authentication server. */
  readonly http: RucioHttp;
  /** `poll`: Rucio hands out the token by the login URL; `code`: by a code that only the user sees. */
  readonly mode: 'poll' | 'code';
  readonly clock: () => number;
}

/** The account is unknown to Rucio, or Rucio needs one to be named. */
export class AccountRefused extends Error {}

/**
 * A user's sign-in at Rucio with the identity provider behind it. The login URL and its key are
 * secrets and stand in no log.
 *
 * @see https://rucio.github.io/documentation/operator/oidc (login by polling, by code)
 */
export class RucioLogin {
  readonly mode: 'poll' | 'code';
  readonly #site: Site;
  readonly #http: RucioHttp;
  readonly #clock: () => number;

  constructor({ site, http, mode, clock }: RucioLoginOptions) {
    this.mode = mode;
    this.#site = site;
    this.#http = http;
    this.#clock = clock;
  }

  /** Whether a session can be renewed without the user. */
  get isRenewable(): boolean {
    return this.#site.oidc.scope.split(/\s+/).includes('offline_access');
  }

  /**
   * Opens a login.
   *
   * @param account - undefined: the one that Rucio takes for the user
   * @throws {AccountRefused} for an account that Rucio does not take
   * @throws {AppError} RUCIO_DOWN or RUCIO_REFUSED
   */
  async start(account: string | undefined, signal: AbortSignal): Promise<StartedLogin> {
    const { audience, scope, issuer } = this.#site.oidc;
    const answer = await this.#http
      .send({
        operation: 'login_url',
        segments: ['auth', 'oidc'],
        headers: {
          'x-rucio-client-authorize-auto': 'False',
          'x-rucio-client-authorize-polling': this.mode === 'poll' ? 'True' : 'False',
          'x-rucio-client-authorize-scope': scope,
          'x-rucio-client-authorize-audience': audience,
          'x-rucio-client-authorize-refresh-lifetime': String(RENEWABLE_HOURS),
          ...(issuer === undefined ? {} : { 'x-rucio-client-authorize-issuer': issuer }),
          ...(account === undefined ? {} : { 'x-rucio-account': account }),
        },
        signal,
      })
      .catch((error: unknown) => {
        throw isRefusal(error) && error.status === 401
          ? new AccountRefused('Rucio does not take the account', { cause: error })
          : error;
      });
    await discard(answer.body);
    const started = this.#toStarted(answer.header('x-rucio-oidc-auth-url') ?? '');
    if (started === undefined) throw brokenAnswer(answer, 'answered a login without a usable URL');
    answer.settle();
    return started;
  }

  /**
   * The session token of a login, once the user has signed in. `undefined`: not yet, or never.
   *
   * @throws {AppError} RUCIO_DOWN
   */
  async fetchToken(fetchKey: string, signal: AbortSignal): Promise<string | undefined> {
    if (!FETCH_KEY.test(fetchKey)) return undefined;
    let answer: RucioAnswer;
    try {
      answer = await this.#http.send({
        operation: 'login_result',
        segments: ['auth', 'oidc_redirect'],
        rawQuery: fetchKey,
        headers: { 'x-rucio-client-fetch-token': 'True' },
        allowRedirect: true,
        signal,
      });
    } catch (error) {
      // Rucio says the same to "not yet", "denied" and "unknown".
      if (isRefusal(error) && error.status === 401) return undefined;
      throw error;
    }
    await discard(answer.body);
    answer.settle();
    const token = answer.header('x-rucio-auth-token') ?? '';
    return answer.status === 200 && /^[\x21-\x7e]{1,8192}$/.test(token) ? token : undefined;
  }

  /**
   * Whose session a token is, and until when.
   *
   * @returns undefined when Rucio does not accept it
   * @throws {AppError} RUCIO_DOWN
   */
  validate(token: string, signal: AbortSignal): Promise<RucioSession | undefined> {
    return validateSession({ http: this.#http, clock: this.#clock }, token, signal);
  }

  /**
   * A session that lasts longer, when Rucio has one.
   *
   * @throws {AppError} RUCIO_DOWN
   */
  async renew(session: Pick<RucioSession, 'token' | 'account'>, signal: AbortSignal) {
    const answer = await this.#http.send({
      operation: 'renew_session',
      segments: ['auth', 'oidc_refresh'],
      headers: { 'x-rucio-account': session.account, 'x-rucio-auth-token': session.token },
      signal,
    });
    await discard(answer.body);
    answer.settle();
    const token = answer.header('x-rucio-auth-token') ?? '';
    return this.validate(token === '' ? session.token : token, signal);
  }

  /**
   * Only an https URL of this site's own servers is shown to a user; or an http one where such a
   * server is itself named by http, which is this computer.
   */
  #toStarted(text: string): StartedLogin | undefined {
    if (!URL.canParse(text)) return undefined;
    const url = new URL(text);
    const servers = [this.#site.authHost, this.#site.rucioHost].map((own) => new URL(own));
    const fetchKey = url.search.slice(1);
    const isOurs =
      servers.some((own) => own.host === url.host && isSafeFor(url, own)) &&
      url.username === '' &&
      url.pathname.endsWith('/auth/oidc_redirect') &&
      FETCH_KEY.test(fetchKey);
    return isOurs ? { loginUrl: url.href, fetchKey } : undefined;
  }
}

/** The code as Rucio shows it, of what a user pasted. */
export function pastedCode(text: string): string | undefined {
  const code = text.trim();
  return PASTED_CODE.test(code) ? code : undefined;
}

function isSafeFor(url: URL, own: URL): boolean {
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && own.protocol === 'http:' && isLoopbackHost(own.hostname);
}
