import type { IncomingHttpHeaders } from 'node:http';

import { type Answer, html } from './answer';
import { RucioFailure } from './failure';
import { escapeHtml, notFoundPage, wrongMethodPage, movedPage } from './html-pages';
import type { DemoStore } from './store';

/** A request as the routes see it: decoded as a WSGI server decodes it. */
export interface DemoRequest {
  readonly method: string;
  /** Percent-decoded, so `%2F` of a name looks like a separator, as in Rucio. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What stands behind the `?`, as it was sent. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Values of the placeholders of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  /** The account that the token belongs to; empty on routes without authentication. */
  readonly issuer: string;
  readonly store: DemoStore;
}

export interface Route {
  /** Flask's notation: `<name>` is one segment, `<path:name>` any number of them. */
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Media types of which the client has to accept one; none = not checked. */
  readonly accept: readonly string[];
  /** Those of `accept` that the demo does not write, though Rucio does. */
  readonly unwritten?: readonly string[];
  /** Routes without authentication are few. */
  readonly open?: boolean;
  /** Whether the route sets the headers for browsers itself. */
  readonly ownHeaders?: boolean;
  readonly handle: (request: DemoRequest) => Answer | Promise<Answer>;
}

interface CompiledRoute {
  readonly route: Route;
  readonly pattern: RegExp;
}

type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Record<string, string> }
  | { readonly kind: 'answer'; readonly answer: Answer };

function compile(path: string): RegExp {
  const source = path
    .replace(/[.\\+*?^$[\](){}|]/g, '\\$&')
    .replace(/<(path:)?(\w+)>/g, (_, path: string | undefined, name: string) =>
      path === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>[^/].*?)`,
    );
  return new RegExp(`^${source}$`, 's');
}

/** Finds routes as Werkzeug does; in the given order, so specific paths come first. */
export class Router {
  readonly #routes: readonly CompiledRoute[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, pattern: compile(route.path) }));
  }

  /** @param target - the undecoded path and query, for the address of a redirect */
  match(method: string, path: string, target: string, host: string): Match {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const allowed = new Set<string>();
    let slashed = false;
    for (const { route, pattern } of this.#routes) {
      const found = pattern.exec(path);
      if (found === null) {
        slashed ||= route.method === wanted && pattern.test(`${path}/`) && route.path.endsWith('/');
        continue;
      }
      if (route.method === wanted) {
        return { kind: 'route', route, params: { ...found.groups } };
      }
      allowed.add(route.method);
    }
    if (slashed) return { kind: 'answer', answer: movedPermanently(target, host) };
    if (allowed.size > 0) return { kind: 'answer', answer: methodNotAllowed(allowed) };
    return { kind: 'answer', answer: html(404, notFoundPage()) };
  }
}

function movedPermanently(target: string, host: string): Answer {
  const mark = target.indexOf('?');
  const [path, query] = mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark)];
  const location = `http://${host}${path}/${query}`;
  const page = html(308, movedPage(escapeHtml(location)));
  return { ...page, headers: { ...page.headers, Location: location } };
}

function methodNotAllowed(methods: ReadonlySet<string>): Answer {
  const allow = [...methods, 'OPTIONS', ...(methods.has('GET') ? ['HEAD'] : [])].sort();
  const page = html(405, wrongMethodPage());
  return { ...page, headers: { ...page.headers, Allow: allow.join(', ') } };
}

/**
 * Refuses a request whose Accept header names only other types.
 *
 * @throws {RucioFailure} UnsupportedRequestedContentType, status 406
 */
export function assertAcceptable(
  accept: string | undefined,
  { accept: supported, unwritten = [] }: Pick<Route, 'accept' | 'unwritten'>,
): void {
  if (accept === undefined || accept.trim() === '' || supported.length === 0) return;
  const ranges = accept.split(',').map((range) => range.replace(/;\s*q=[^;]*/i, '').trim());
  const fits = ranges.some((range) =>
    supported.some((type) => {
      if (unwritten.includes(type)) return false;
      if (range === '*/*' || range === '*') return true;
      if (range.endsWith('/*')) return type.startsWith(range.slice(0, -1));
      return range.toLowerCase() === type;
    }),
  );
  if (fits) return;
  const list = supported.map((type) => `'${type}'`).join(', ');
  throw new RucioFailure(
    406,
    'UnsupportedRequestedContentType',
    `The requested content type ${accept} is not supported. Use [${list}].`,
  );
}

/** The first value of a header of the request. */
export function header(
  { headers }: Pick<DemoRequest, 'headers'>,
  name: string,
): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
