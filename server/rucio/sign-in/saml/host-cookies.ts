import { parseSetCookie } from 'cookie';

interface Cookie {
  readonly name: string;
  /** As it was sent: a value in quotes keeps them, as in browsers. */
  readonly value: string;
  readonly path: string;
}

/** Most cookies that are kept, as browsers do at least. */
const MAX_COOKIES = 50;
/** Longest name and value together, in characters. */
const MAX_COOKIE = 4096;

/**
 * The cookies of one host for as long as one sign-in. They are never sent to another host, and a
 * host can not set one for another: a `Domain` that widens a cookie is not followed, and one of a
 * foreign domain drops it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5
 */
export class HostCookies {
  readonly #host: string;
  readonly #clock: () => number;
  readonly #cookies = new Map<string, Cookie>();

  constructor(host: string, clock: () => number) {
    this.#host = host;
    this.#clock = clock;
  }

  /** Takes the `Set-Cookie` headers of an answer to a request for `path`. */
  take(headers: readonly string[], path: string): void {
    for (const header of headers) {
      const parsed = parseSetCookie(header, { decode: (value) => value });
      const { name, value = '' } = parsed;
      if (name === '' || name.length + value.length > MAX_COOKIE) continue;
      if (!this.#isOwn(parsed.domain)) continue;
      const ownPath = parsed.path?.startsWith('/') === true ? parsed.path : defaultPath(path);
      const key = `${name};${ownPath}`;
      // So that the one that was set last is sent last, and the oldest go first.
      this.#cookies.delete(key);
      if (this.#isOver(parsed)) continue;
      this.#cookies.set(key, { name, value, path: ownPath });
      const [oldest] = this.#cookies.keys();
      if (this.#cookies.size > MAX_COOKIES && oldest !== undefined) this.#cookies.delete(oldest);
    }
  }

  /** The `Cookie` header of a request for `path`; `undefined` when there is nothing to send. */
  header(path: string): string | undefined {
    const sent = [...this.#cookies.values()]
      .filter((cookie) => isBelow(path, cookie.path))
      .sort((a, b) => b.path.length - a.path.length);
    if (sent.length === 0) return undefined;
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  has(name: string): boolean {
    return [...this.#cookies.values()].some((cookie) => cookie.name === name);
  }

  #isOwn(domain: string | undefined): boolean {
    const own = domain?.replace(/^\./, '').toLowerCase() ?? '';
    return own === '' || this.#host === own || this.#host.endsWith(`.${own}`);
  }

  #isOver({ maxAge, expires }: { maxAge?: number; expires?: Date }): boolean {
    if (maxAge !== undefined) return maxAge <= 0;
    return expires !== undefined && expires.getTime() <= this.#clock();
  }
}

/** RFC 6265, section 5.1.4. */
function defaultPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/';
}

/** RFC 6265, section 5.1.4. */
function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent.endsWith('/') ? parent : `${parent}/`);
}
