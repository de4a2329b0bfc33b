import { randomUUID } from 'node:crypto';

import { OAUTH } from '../../../lib/contract/endpoints';
import { SCOPES } from '../../../lib/contract/scopes';
import { AccountName } from '../../../lib/contract/server-document';
import { AppError } from '../../errors';
import {
  type AuthorizationError,
  codeRedirect,
  errorRedirect,
  readAuthorizationRequest,
} from './authorization-request';
import { sameSecret } from './digest';
import { type CarriedLogin, endedLoginCookie, loginCookie, readLoginCookie } from './login-cookie';
import { LoginPolls } from './login-polls';
import type { OAuthSite } from './oauth-site';
import {
  type LoginView,
  accountPage,
  bridgePage,
  consentPage,
  leavePage,
  problemPage,
} from './pages/login-pages';
import type { Page } from '../../pages/page';
import type { Parameters } from './parameters';
import type { RucioSession } from '../rucio-session';
import { AccountRefused, pastedCode } from './rucio-login';

/** Life of an authorization code, in seconds. */
const CODE_SECONDS = 60;

/** How a step of a login is answered. */
export type Step =
  | { readonly kind: 'page'; readonly page: Page; readonly cookie?: string }
  | { readonly kind: 'redirect'; readonly location: string; readonly cookie?: string }
  | { readonly kind: 'state'; readonly state: 'waiting' | 'go on' | 'rucio down' };

/** What the browser sent with a form of ours. */
export interface FormRequest {
  readonly form: Parameters;
  /** The header, as it is. */
  readonly cookies: string | undefined;
  /** Ends what is asked of Rucio. */
  readonly signal: AbortSignal;
}

/**
 * The login of a user, step by step: consent, sign-in at Rucio, whose account it is, code. Nothing is
 * kept here between the steps: the browser carries the login in a sealed cookie, and any replica can
 * answer the next step.
 */
export class LoginFlow {
  readonly #oauth: OAuthSite;
  readonly #polls: LoginPolls;

  constructor(oauth: OAuthSite) {
    this.#oauth = oauth;
    this.#polls = new LoginPolls(oauth.clock);
  }

  /** Rucio hears nothing of it before the user has agreed. */
  async authorize(query: string): Promise<Step> {
    const request = await readAuthorizationRequest(this.#oauth, query);
    if (request.outcome === 'refused') {
      this.#oauth.record('login_refused', { reason: 'invalid_request', detail: request.why });
      return this.#problem(request.why, 400);
    }
    if (request.outcome === 'redirect') {
      const { location, reason } = request;
      this.#oauth.record('login_refused', { reason });
      return { kind: 'redirect', location };
    }
    const carried = { txn: randomUUID(), login: request.login };
    const cookie = await loginCookie(this.#oauth.vault, carried);
    if (cookie === undefined) {
      const location = this.#back(carried, 'invalid_request', 'the request is too long');
      return { kind: 'redirect', location };
    }
    this.#oauth.record('login_started');
    return { kind: 'page', page: consentPage(this.#view(carried)), cookie };
  }

  async consent(request: FormRequest): Promise<Step> {
    const carried = await this.#carriedBy(request);
    if (carried === undefined) return this.#foreign();
    const decision = request.form.get('decision');
    if (decision === 'deny') return this.#leave(carried, 'access_denied', 'the user said no');
    if (decision !== 'allow') return this.#problem('The form was not sent as it should be.', 400);
    const account = request.form.get('account')?.trim();
    const view = this.#view(carried);
    if (account !== undefined && !AccountName.safeParse(account).success) {
      return {
        kind: 'page',
        page: consentPage(
          view,
          'That is not an account name of Rucio. Correct it or leave it empty.',
        ),
      };
    }
    try {
      const { loginUrl, fetchKey } = await this.#oauth.login.start(account, request.signal);
      const scope = request.form.get('write') === 'yes' ? carried.login.scope : SCOPES.read;
      const login = { ...carried.login, scope, loginUrl };
      const next = {
        ...carried,
        login: this.#oauth.login.mode === 'poll' ? { ...login, fetch: fetchKey } : login,
      };
      const cookie = await loginCookie(this.#oauth.vault, next);
      if (cookie === undefined) return this.#leave(carried, 'invalid_request', 'too long');
      this.#oauth.record('login_consented');
      const location = `${this.#oauth.urls.endpoint(OAUTH.bridge)}?txn=${carried.txn}`;
      return { kind: 'redirect', location, cookie };
    } catch (error) {
      if (error instanceof AccountRefused) {
        const problem = 'Rucio does not accept that account, or wants one to be named. Name yours.';
        return { kind: 'page', page: consentPage(view, problem) };
      }
      return this.#unavailable(carried, error);
    }
  }

  async bridge(txn: string, cookies: string | undefined): Promise<Step> {
    const carried = await readLoginCookie(this.#oauth.vault, txn, cookies);
    if (carried?.login.loginUrl === undefined) return this.#foreign();
    return { kind: 'page', page: bridgePage(this.#view(carried), this.#oauth.login.mode) };
  }

  /** @param asJson - asked by the script of the page, which only wants to know whether to go on */
  async status(request: FormRequest, asJson: boolean): Promise<Step> {
    const carried = await this.#carriedBy(request);
    if (carried?.login.loginUrl === undefined) return this.#foreign();
    const view = this.#view(carried);
    const { mode } = this.#oauth.login;
    const fetchKey =
      mode === 'poll' ? carried.login.fetch : pastedCode(request.form.get('code') ?? '');
    if (fetchKey === undefined) {
      const problem = 'That is not the code: it has 50 letters and digits. Copy it once more.';
      return { kind: 'page', page: bridgePage(view, mode, problem) };
    }
    try {
      const session = await this.#look(carried, fetchKey, request.signal);
      if (asJson) return { kind: 'state', state: session === undefined ? 'waiting' : 'go on' };
      if (session === undefined) {
        const problem =
          mode === 'poll'
            ? 'Rucio does not know of your sign-in yet. Finish it, wait a moment, and try again.'
            : 'Rucio does not know this code. Copy it once more, or start again from your program.';
        return { kind: 'page', page: bridgePage(view, mode, problem) };
      }
      const login = { ...carried.login, fetch: fetchKey, account: session.account };
      const cookie = await loginCookie(this.#oauth.vault, { ...carried, login });
      if (cookie === undefined) return this.#leave(carried, 'invalid_request', 'too long');
      this.#oauth.record('login_signed_in');
      return { kind: 'page', page: accountPage(view, session.account), cookie };
    } catch (error) {
      if (asJson && error instanceof AppError) return { kind: 'state', state: 'rucio down' };
      return this.#unavailable(carried, error);
    }
  }

  async finish(request: FormRequest): Promise<Step> {
    const carried = await this.#carriedBy(request);
    const account = carried?.login.account;
    const fetchKey = carried?.login.fetch;
    if (carried === undefined || account === undefined || fetchKey === undefined) {
      return this.#foreign();
    }
    if (request.form.get('decision') !== 'continue') {
      return this.#leave(carried, 'access_denied', 'the user said no');
    }
    try {
      const session = await this.#session(fetchKey, request.signal);
      if (session === undefined || session.account !== account) {
        return this.#leave(carried, 'access_denied', 'the sign-in has ended');
      }
      const code = await this.#code(carried, session);
      this.#oauth.record('login_completed', { account, client: carried.login.clientName });
      return this.#leaveTo(carried, codeRedirect(this.#oauth.urls.issuer, carried.login, code));
    } catch (error) {
      return this.#unavailable(carried, error);
    }
  }

  async #look(carried: CarriedLogin, fetchKey: string, signal: AbortSignal) {
    const token = await this.#polls.look(carried.txn, () =>
      this.#oauth.login.fetchToken(fetchKey, signal),
    );
    return token === undefined ? undefined : this.#oauth.login.validate(token, signal);
  }

  async #session(fetchKey: string, signal: AbortSignal): Promise<RucioSession | undefined> {
    const token = await this.#oauth.login.fetchToken(fetchKey, signal);
    return token === undefined ? undefined : this.#oauth.login.validate(token, signal);
  }

  #code({ login }: CarriedLogin, { account, token, expiresAt }: RucioSession): Promise<string> {
    return this.#oauth.vault.seal(
      'authorization-code',
      {
        client: login.client,
        clientName: login.clientName,
        clientIsConfigured: login.clientIsConfigured,
        redirect: login.redirect,
        challenge: login.challenge,
        scope: login.scope,
        account,
        rucio: token,
        rucioExp: expiresAt,
        renewable: this.#oauth.login.isRenewable,
        family: randomUUID(),
      },
      { ttlSeconds: CODE_SECONDS },
    );
  }

  /** The login that both the form and a cookie of this browser name, with the form's own secret. */
  async #carriedBy({ form, cookies }: FormRequest): Promise<CarriedLogin | undefined> {
    const [txn, csrf] = [form.get('txn'), form.get('csrf')];
    if (txn === undefined || csrf === undefined) return undefined;
    const carried = await readLoginCookie(this.#oauth.vault, txn, cookies);
    return carried !== undefined && sameSecret(csrf, carried.login.csrf) ? carried : undefined;
  }

  #view(carried: CarriedLogin): LoginView {
    return { ...carried, brand: this.#oauth.brand, urls: this.#oauth.urls };
  }

  #back({ login }: CarriedLogin, error: AuthorizationError, description: string): string {
    return errorRedirect(this.#oauth.urls.issuer, login, error, description);
  }

  #leave(carried: CarriedLogin, error: AuthorizationError, description: string): Step {
    const client = carried.login.clientName;
    this.#oauth.record('login_refused', { reason: error, detail: description, client });
    return this.#leaveTo(carried, this.#back(carried, error, description));
  }

  #leaveTo({ txn, login }: CarriedLogin, location: string): Step {
    return {
      kind: 'page',
      page: leavePage(this.#oauth.brand, location, login.clientName),
      cookie: endedLoginCookie(txn),
    };
  }

  /** Not this browser's login, or not any more. */
  #foreign(): Step {
    this.#oauth.record('login_refused', { reason: 'foreign_browser' });
    return this.#problem(
      'This sign-in was not started in this browser, or it has taken longer than ten minutes. ' +
        'Start again from your program; if somebody sent you this link, close it.',
      403,
    );
  }

  #unavailable(carried: CarriedLogin, error: unknown): Step {
    if (!(error instanceof AppError)) throw error;
    this.#oauth.log.warn({ err: { type: error.name, code: error.code } }, 'a login failed');
    const client = carried.login.clientName;
    this.#oauth.record('login_refused', {
      reason: 'temporarily_unavailable',
      detail: error.code,
      client,
    });
    const what = 'Rucio can not sign anybody in at the moment. Try again in a few minutes.';
    const back = this.#back(carried, 'temporarily_unavailable', 'Rucio can not be reached');
    return {
      kind: 'page',
      page: problemPage(this.#oauth.brand, what, { status: 503, back }),
      cookie: endedLoginCookie(carried.txn),
    };
  }

  #problem(what: string, status: number): Step {
    return { kind: 'page', page: problemPage(this.#oauth.brand, what, { status }) };
  }
}
