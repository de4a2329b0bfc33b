import { Agent, type Dispatcher } from 'undici';

import { AppError } from '../../../errors';
import { readBounded } from '../../body';
import { CERTIFICATE_PROBLEM } from '../../http';
import { codeOf } from '../../error-code';
import { HostCookies } from './host-cookies';
import { type HtmlForm, fillLogin, readForms, submitted } from './html-forms';

export interface ProviderVisitOptions {
  readonly site: string;
  readonly clock: () => number;
  /** The origin of the identity provider. Nothing is sent anywhere else. */
  readonly identityProvider: string;
  /** Certification authorities, PEM; default: Node's own. */
  readonly ca: readonly string[] | undefined;
  /** Longest time for the whole visit, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends a visit under way, since the server stops. */
  readonly closing?: AbortSignal | undefined;
}

export interface SamlUser {
  readonly username: string;
  readonly password: string;
}

/** What the identity provider has the browser send to the service that asked. */
export interface SamlAnswer {
  readonly action: URL;
  /** `SAMLResponse`, `RelayState` and whatever else is in the form. */
  readonly form: URLSearchParams;
}

interface Page {
  readonly url: URL;
  readonly status: number;
  readonly forms: readonly HtmlForm[];
}

/** Most requests of one visit; a sign-in takes three to six. */
const MAX_REQUESTS = 15;
/** Largest page that is read, in bytes; login pages have some 10 kB, a SAML response as much. */
const MAX_PAGE_BYTES = 524_288;
const NOT_ALLOWED = 405;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Redirects that repeat the request with its body. */
const REPEATING: ReadonlySet<number> = new Set([307, 308]);

/**
 * Signs in at the page of an identity provider as somebody at a browser without scripts would, and
 * stops at the form that carries the SAML response.
 *
 * The password is sent once, over TLS that is verified, to the one origin that the operator has
 * named, and never by a redirect. Pages, requests and time are bounded.
 *
 * @throws {AppError} LOGIN when the provider refuses the user, or wants something sent to another
 *   origin; RUCIO_DOWN when it does not answer as it should
 * @see https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf (3.4, 3.5)
 */
export async function visitProvider(
  url: URL,
  user: SamlUser,
  options: ProviderVisitOptions,
): Promise<SamlAnswer> {
  const visit = new ProviderVisit(options);
  try {
    return await visit.signIn(url, user);
  } finally {
    await visit.end();
  }
}

class ProviderVisit {
  readonly #options: ProviderVisitOptions;
  readonly #origin: string;
  readonly #cookies: HostCookies;
  readonly #agent: Agent;
  readonly #signal: AbortSignal;
  #requests = 0;

  constructor(options: ProviderVisitOptions) {
    const { identityProvider, clock, ca, timeoutMs, closing } = options;
    const { origin, hostname } = new URL(identityProvider);
    this.#options = options;
    this.#origin = origin;
    this.#cookies = new HostCookies(hostname, clock);
    this.#agent = new Agent({
      connect: { timeout: timeoutMs, ...(ca === undefined ? {} : { ca: [...ca] }) },
    });
    const timeout = AbortSignal.timeout(timeoutMs);
    this.#signal = closing === undefined ? timeout : AbortSignal.any([timeout, closing]);
  }

  async end(): Promise<void> {
    await this.#agent.destroy();
  }

  async signIn(url: URL, user: SamlUser): Promise<SamlAnswer> {
    const first = await this.#open(url);
    const known = this.#answerOf(first);
    if (known !== undefined) return known;
    const page = await this.#sendPassword(first, url, user);
    const answer = this.#answerOf(page);
    if (answer !== undefined) return answer;
    if (page.status === 401 || page.status === 403 || this.#loginOf(page, user) !== undefined) {
      throw new AppError('LOGIN', {
        what: `The identity provider of site ${this.#options.site} refused the robot's user name and password.`,
        next: "ask the server's operator to check the user name and the password in its Secret",
      });
    }
    throw this.#withoutForm(page);
  }

  async #sendPassword(first: Page, url: URL, user: SamlUser): Promise<Page> {
    const login = this.#loginOf(first, user);
    if (login !== undefined) return this.#open(login.url, login.form);
    if (first.status >= 400 && first.status !== NOT_ALLOWED) throw this.#withoutForm(first);
    // Without a page to fill in: as Rucio's own clients do it.
    return this.#open(url, new URLSearchParams({ ...user }));
  }

  #answerOf(page: Page): SamlAnswer | undefined {
    const form = page.forms.find(({ fields }) =>
      fields.some(({ name }) => name === 'SAMLResponse'),
    );
    if (form === undefined) return undefined;
    return { action: this.#resolve(form.action, page.url), form: submitted(form) };
  }

  #loginOf(page: Page, user: SamlUser): { url: URL; form: URLSearchParams } | undefined {
    for (const form of page.forms) {
      const filled = fillLogin(form, user);
      if (filled === undefined) continue;
      if (form.method !== 'post') {
        throw this.#down('has a login form that would put the password into a URL');
      }
      return { url: this.#resolve(form.action, page.url), form: filled };
    }
    return undefined;
  }

  /** Follows redirects to the page that they lead to. A form is sent once, with the first request. */
  async #open(to: URL, form?: URLSearchParams): Promise<Page> {
    let [url, body] = [to, form];
    for (;;) {
      const { statusCode: status, headers, body: content } = await this.#send(url, body);
      const location = headers['location'];
      if (!REDIRECTS.has(status) || typeof location !== 'string') {
        return { url, status, forms: await this.#formsOf(content, headers['content-type']) };
      }
      content.destroy();
      if (body !== undefined && REPEATING.has(status)) {
        throw this.#down('wants the password sent once more by a redirect');
      }
      [url, body] = [this.#resolve(location, url), undefined];
    }
  }

  async #send(url: URL, form: URLSearchParams | undefined): Promise<Dispatcher.ResponseData> {
    if (url.origin !== this.#origin) throw this.#foreign(url);
    this.#requests += 1;
    if (this.#requests > MAX_REQUESTS) throw this.#down('redirects without an end');
    const cookie = this.#cookies.header(url.pathname);
    const response = await this.#agent
      .request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html,application/xhtml+xml',
          'user-agent': 'rucio-mcp-cdk8s',
          ...(cookie === undefined ? {} : { cookie }),
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: form?.toString() ?? null,
        signal: this.#signal,
      })
      .catch((error: unknown) => {
        throw this.#explain(error);
      });
    response.body.on('error', () => undefined);
    const set = response.headers['set-cookie'] ?? [];
    this.#cookies.take(typeof set === 'string' ? [set] : set, url.pathname);
    return response;
  }

  async #formsOf(
    body: Dispatcher.ResponseData['body'],
    type: string | string[] | undefined,
  ): Promise<HtmlForm[]> {
    if (!/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(String(type ?? ''))) {
      body.destroy();
      return [];
    }
    const page = await readBounded(body, MAX_PAGE_BYTES).catch((error: unknown) => {
      throw this.#explain(error);
    });
    if (page === undefined) throw this.#down(`sent a page of more than ${MAX_PAGE_BYTES} bytes`);
    return readForms(page);
  }

  #resolve(reference: string, base: URL): URL {
    if (reference === '') return base;
    if (!URL.canParse(reference, base.href)) throw this.#down('sent an address that is no URL');
    return new URL(reference, base);
  }

  #withoutForm({ status }: Page): AppError {
    return this.#down('answered neither with a login form nor with a SAML response', {
      why: `Its last answer had HTTP status ${status}.`,
      next: "ask the server's operator whether the robot can sign in there with a password alone",
    });
  }

  #foreign({ origin }: URL): AppError {
    const { site } = this.#options;
    return new AppError('LOGIN', {
      what: `The robot's sign-in at site ${site} leads to ${shown(origin)}, which is not its identity provider ${this.#origin}.`,
      why: 'Nothing was sent there.',
      next: "ask the server's operator whether the configured identity provider is the right one",
    });
  }

  #explain(error: unknown): AppError {
    if (error instanceof AppError) return error;
    const code = codeOf(error);
    if (this.#options.closing?.aborted === true) {
      return this.#down('was left, since this server stops', { cause: error });
    }
    if (this.#signal.aborted) {
      const seconds = this.#options.timeoutMs / 1000;
      return this.#down(`did not finish within ${seconds} s`, { cause: error });
    }
    if (CERTIFICATE_PROBLEM.test(code)) {
      return this.#down('has a certificate that is not trusted', {
        next: "ask the server's operator to check the configured identity provider and the site's caFile",
        cause: error,
      });
    }
    return this.#down(`could not be reached${code === '' ? '' : ` (${code})`}`, { cause: error });
  }

  #down(
    problem: string,
    told: { readonly why?: string; readonly next?: string; readonly cause?: unknown } = {},
  ): AppError {
    return new AppError('RUCIO_DOWN', {
      what: `The identity provider of site ${this.#options.site} ${problem}.`,
      why: told.why,
      next:
        told.next ??
        "try again in a minute; if it stays, ask the server's operator to check the identity provider",
      cause: told.cause,
    });
  }
}

/** An origin that comes from elsewhere. Opaque ones are the word `null`. */
function shown(origin: string): string {
  return origin === 'null' ? 'an address that is not http' : origin.slice(0, 100);
}
