import { visibleText } from '../rucio-contract/answer';
import { Browser, type SeenPage } from './browser';

/** A Rucio whose users sign in at an identity provider. */
export interface LoginSide {
  /** Where browsers are sent. */
  readonly url: string;
  readonly issuer: string;
  /** All sessions are old enough to be renewed. */
  ageSessions(): Promise<void>;
}

/** An answer without what is another one each time. */
export interface PlayedStep {
  readonly title: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const COMPARED =
  /^(?:access-control-|cache-control$|content-type$|exception|location$|pragma$|x-rucio-)/;

/** What clients and browsers ask of one side, written down. */
export class LoginPlay {
  readonly steps: PlayedStep[] = [];
  readonly browser = new Browser();
  readonly #side: LoginSide;

  constructor(side: LoginSide) {
    this.#side = side;
  }

  ageSessions(): Promise<void> {
    return this.#side.ageSessions();
  }

  /** A request of a client. */
  async ask(
    title: string,
    status: number,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<SeenPage> {
    const url = new URL(path, this.#side.url);
    return this.#note(title, status, await this.browser.send(url, { accept: '*/*', ...headers }));
  }

  /** Begins a login; the path and query of its URL. */
  async start(title: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const { headers: answer } = await this.ask(title, 200, '/auth/oidc', headers);
    const url = new URL(answer.get('x-rucio-oidc-auth-url') ?? '');
    expect(url.host).toBe(new URL(this.#side.url).host);
    return url.pathname + url.search;
  }

  /** Opens the URL of a login, and answers the sign-in page; Rucio's last page. */
  async signIn(
    title: string,
    status: number,
    path: string,
    fields: Record<string, string>,
  ): Promise<SeenPage> {
    const page = await this.browser.open(new URL(path, this.#side.url));
    expect(page.url.href.startsWith(`${this.#side.issuer}/`)).toBe(true);
    return this.#note(title, status, await this.browser.submit(page, fields));
  }

  #note(title: string, status: number, page: SeenPage): SeenPage {
    expect({ title, status: page.status }).toEqual({ title, status });
    const headers = [...page.headers]
      .filter(([name]) => COMPARED.test(name))
      .map(([name, value]) => [name, this.#normalHeader(name, value, page.status)] as const);
    // What Python itself says about a failure may be another text with each version.
    const text = page.status === 500 ? '' : this.#normal(visibleText(page.text));
    const location = /\(location\)/.test(text) ? '(a redirect)' : text;
    this.steps.push({ title, status, headers: Object.fromEntries(headers), text: location });
    return page;
  }

  #normalHeader(name: string, value: string, status: number): string {
    if (name === 'exceptionmessage' && status === 500) return '(message)';
    if (name === 'x-rucio-auth-token') return value === '' ? '' : '(token)';
    if (name === 'x-rucio-auth-token-expires') return value.replace(/^\d{10}$/, '(seconds)');
    if (name === 'location' && URL.canParse(value)) {
      const { origin, pathname, searchParams } = new URL(value);
      const query = [...searchParams].map(([key, text]) => `${key}=${this.#normal(text)}`).sort();
      return [this.#normal(origin), pathname, ...query].join(' ');
    }
    return this.#normal(value);
  }

  #normal(text: string): string {
    const { url, issuer } = this.#side;
    return text
      .replace(/You should be redirected .*/s, '(location)')
      .replaceAll(url, '(rucio)')
      .replaceAll(issuer, '(issuer)')
      .replaceAll(/\b[A-Za-z0-9]{50}\b/g, '(code)')
      .replaceAll(/\?[A-Za-z0-9]{23}(?![A-Za-z0-9])/g, '?(key)')
      .replaceAll(/datetime\.datetime\([\d, ]+\)/g, '(date)');
  }
}

const FETCH = { 'X-Rucio-Client-Fetch-Token': 'True' };
const SCOPE = 'openid profile offline_access';
const POLL = {
  'X-Rucio-Client-Authorize-Polling': 'True',
  'X-Rucio-Client-Authorize-Scope': SCOPE,
  'X-Rucio-Client-Authorize-Audience': 'rucio',
  'X-Rucio-Client-Authorize-Refresh-Lifetime': '96',
};

const tokenIn = ({ headers }: SeenPage) => headers.get('x-rucio-auth-token') ?? '';
const session = (token: string, account = 'jdoe') => ({
  'X-Rucio-Account': account,
  'X-Rucio-Auth-Token': token,
});

/** What is played on both sides. */
export const LOGIN_SCENES: Readonly<Record<string, (play: LoginPlay) => Promise<void>>> = {
  'a login that the client polls for': async (play) => {
    const url = await play.start('start', POLL);
    expect(url).toMatch(/\?[A-Za-z0-9]{23}_polling$/);
    await play.ask('fetched too early', 401, url, FETCH);
    await play.ask('fetched by another word', 303, url, { 'X-Rucio-Client-Fetch-Token': 'true' });
    const last = await play.signIn('the last page', 200, url, { person: 'jane' });
    await play.ask('the last page again', 401, last.url.pathname + last.url.search);
    const token = tokenIn(await play.ask('fetched', 200, url, FETCH));
    expect(tokenIn(await play.ask('fetched again', 200, url, FETCH))).toBe(token);
    await play.ask('opened again', 401, url);
    await play.ask('fetched for JSON', 406, url, { ...FETCH, accept: 'application/json' });
    await play.ask('whose it is', 200, '/auth/validate', session(token));
    await play.ask('who I am', 303, '/accounts/whoami', session(token));
  },
  'a login whose code the user copies': async (play) => {
    const { 'X-Rucio-Client-Authorize-Polling': _, ...headers } = POLL;
    const url = await play.start('start', headers);
    const last = await play.signIn('the last page', 200, url, { person: 'priya' });
    const code = /\b[A-Za-z0-9]{50}\b/.exec(visibleText(last.text))?.[0] ?? '';
    await play.ask('fetched by the URL', 401, url, FETCH);
    const byCode = `/auth/oidc_redirect?${code}`;
    const token = tokenIn(await play.ask('fetched by the code', 200, byCode, FETCH));
    await play.ask('fetched by the code again', 200, byCode, FETCH);
    await play.ask('opened by the code', 401, byCode);
    await play.ask('who I am', 303, '/accounts/whoami', session(token));
  },
  'a session that is renewed': async (play) => {
    const url = await play.start('start', POLL);
    await play.signIn('the last page', 200, url, { person: 'ada' });
    const old = tokenIn(await play.ask('fetched', 200, url, FETCH));
    const young = await play.ask('renewed early', 200, '/auth/oidc_refresh', session(old, 'root'));
    expect(tokenIn(young)).toBe(old);
    await play.ask('for another account', 200, '/auth/oidc_refresh', session(old, 'jdoe'));
    await play.ageSessions();
    const renewed = await play.ask('renewed', 200, '/auth/oidc_refresh', session(old, 'root'));
    const next = tokenIn(renewed);
    expect(next).not.toBe(old);
    // Any session of the account that can be renewed; this one has one.
    const again = await play.ask(
      'the old one again',
      200,
      '/auth/oidc_refresh',
      session(old, 'root'),
    );
    expect(tokenIn(again)).toBe(next);
    for (const token of [old, next]) {
      await play.ask('whose it is', 200, '/auth/validate', session(token, 'root'));
    }
  },
  'a session without offline_access is not renewed': async (play) => {
    const headers = { ...POLL, 'X-Rucio-Client-Authorize-Scope': 'openid profile' };
    const url = await play.start('start', headers);
    await play.signIn('the last page', 200, url, { person: 'ada' });
    const token = tokenIn(await play.ask('fetched', 200, url, FETCH));
    await play.ageSessions();
    await play.ask('not renewed', 200, '/auth/oidc_refresh', session(token, 'root'));
  },
  'a session is renewed for so long, and no longer': async (play) => {
    const headers = { ...POLL, 'X-Rucio-Client-Authorize-Refresh-Lifetime': '-1' };
    const url = await play.start('start', headers);
    await play.signIn('the last page', 200, url, { person: 'priya' });
    const token = tokenIn(await play.ask('fetched', 200, url, FETCH));
    await play.ageSessions();
    await play.ask('not renewed', 500, '/auth/oidc_refresh', session(token, 'prodsys'));
  },
  'an account that is named': async (play) => {
    const url = await play.start('start', { ...POLL, 'X-Rucio-Account': 'physics-higgs' });
    await play.signIn('the last page', 200, url, { person: 'sam' });
    const token = tokenIn(await play.ask('fetched', 200, url, FETCH));
    await play.ask('who I am', 303, '/accounts/whoami', session(token));
    const theirs = await play.start('of somebody else', { ...POLL, 'X-Rucio-Account': 'prodsys' });
    await play.signIn("not into somebody else's", 401, theirs, { person: 'sam' });
    await play.ask('nothing to fetch', 401, theirs, FETCH);
  },
  'logins that come to nothing': async (play) => {
    const unknown = await play.start('of a stranger', POLL);
    await play.signIn('a stranger', 401, unknown, { person: 'vera' });
    await play.ask('nothing to fetch', 401, unknown, FETCH);
    const denied = await play.start('of somebody who cancels', POLL);
    await play.signIn('cancelled', 401, denied, { decision: 'cancel' });
    await play.ask('still nothing to fetch', 401, denied, FETCH);
    await play.signIn('tried again', 200, denied, { person: 'jane' });
    await play.ask('an answer to no login', 401, '/auth/oidc_code?code=a&state=b');
    await play.ask('an answer without a code', 401, '/auth/oidc_code?state=b');
    await play.ask('no answer', 401, '/auth/oidc_code');
  },
  'logins that are not begun': async (play) => {
    const refused = (title: string, status: number, header: string, value: string) =>
      play.ask(title, status, '/auth/oidc', { ...POLL, [header]: value });
    await refused('an unknown account', 401, 'X-Rucio-Account', 'nope');
    await refused('too little scope', 500, 'X-Rucio-Client-Authorize-Scope', 'openid');
    await refused('another audience', 500, 'X-Rucio-Client-Authorize-Audience', 'other');
    await refused('an unknown provider', 500, 'X-Rucio-Client-Authorize-Issuer', 'other');
    await refused('hours in words', 500, 'X-Rucio-Client-Authorize-Refresh-Lifetime', 'long');
    await refused('for JSON', 406, 'accept', 'application/json');
  },
};
