import { type Dispatcher, Pool } from 'undici';

import type { Limits } from '../../lib/contract/server-document';
import type { Site } from '../../lib/contract/sites';
import { AppError } from '../errors';
import { type RequestSpan, currentCall } from '../tracing/tracing';
import { type ErrorContext, errorFromAnswer, rucioDown } from './errors';
import { discard, readBounded } from './body';
import { Deadline } from './deadline';
import { codeOf } from './error-code';
import type { RucioOperation, RucioOutcome } from './operations';
import { buildPath } from './path';
import { isStopError, isTimeoutError } from './timeout-error';

/** Told once for every request, when it is over. */
export type OnRequest = (
  operation: RucioOperation,
  outcome: RucioOutcome,
  /** Time to the first byte of the answer, or to the failure, in seconds. */
  seconds: number,
) => void;

export interface RucioRequest {
  readonly operation: RucioOperation;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path below the base URL, one value each, not encoded. */
  readonly segments: readonly string[];
  /** Whether the path ends with a slash: Rucio's routes have it or do not, and redirect otherwise. */
  readonly trailingSlash?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  /** The query as it is to be sent, for the one view of Rucio that takes a bare word. */
  readonly rawQuery?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a browser sends an HTML form, instead of `body`. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent again when the connection broke before any answer. Default: GET only. */
  readonly idempotent?: boolean;
  /** Whether a 3xx answer is the caller's business. Otherwise it is an error. */
  readonly allowRedirect?: true;
  /** What is asked for, for error texts. */
  readonly subject?: string;
  /** The same by kind, where Rucio may complain about one of several things. */
  readonly about?: ErrorContext['about'];
  /** What it means when Rucio has no such route, where that is known. */
  readonly missing?: ErrorContext['missing'];
  readonly signal: AbortSignal;
}

/** An answer below 400 whose body has not been read yet. It must be read or destroyed. */
export interface RucioAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Each `Set-Cookie` header. */
  readonly setCookies: readonly string[];
  readonly body: Dispatcher.ResponseData['body'];
  readonly context: ErrorContext;
  /** To be called once, when the body has been read: it counts the request. */
  readonly settle: (error?: unknown) => void;
  /** Makes a body's failure an error for the caller. */
  readonly explain: (error: unknown) => unknown;
}

/** How a connection is secured, all PEM. */
export interface TlsOptions {
  /** The certification authorities that are trusted; default: Node's own. */
  readonly ca?: string | undefined;
  /** The client's certificate with its chain. */
  readonly cert?: string | undefined;
  /** Its private key. */
  readonly key?: string | undefined;
}

export interface RucioHttpOptions {
  readonly site: Site;
  /** Which of the site's two servers. */
  readonly baseUrl: string;
  readonly limits: Pick<Limits, 'rucioSeconds' | 'rucioConnections'>;
  readonly tls?: TlsOptions;
  readonly onRequest?: OnRequest | undefined;
}

/** Shorter than Apache's 5 s: a connection is given up before the server closes it. In ms. */
const KEEP_ALIVE_MS = 4000;
/** Largest error body that is read, in bytes; `InvalidObject` repeats the whole input. */
const MAX_ERROR_BYTES = 262_144;
/** OpenSSL's words for it, as Node hands them on. */
export const CERTIFICATE_PROBLEM = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/;
/** The server says in TLS that it does not like what it got. */
const TLS_ALERT = /^ERR_SSL_\w*ALERT/;
/** Codes of a connection that broke before there was an answer. */
export const BROKEN_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
]);

/**
 * HTTP to one server of a site. Never follows redirects, never repeats a request that could change
 * something, and knows no token: the caller gives the headers.
 */
export class RucioHttp {
  readonly site: Site;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #pool: Pool;
  readonly #timeoutMs: number;
  readonly #onRequest: OnRequest | undefined;

  constructor({ site, baseUrl, limits, tls, onRequest }: RucioHttpOptions) {
    const url = new URL(baseUrl);
    this.site = site;
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#timeoutMs = limits.rucioSeconds * 1000;
    this.#onRequest = onRequest;
    this.#pool = new Pool(url.origin, {
      connections: limits.rucioConnections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: this.#timeoutMs,
      bodyTimeout: this.#timeoutMs,
      connect: {
        timeout: this.#timeoutMs,
        ...given(tls),
      },
    });
  }

  /** Ends all connections; requests under way fail. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** The URL that relative `Location` headers of a request are resolved against. */
  urlOf(segments: readonly string[]): URL {
    return new URL(buildPath(this.#prefix, segments), this.#origin);
  }

  /**
   * Sends a request and waits for the head of the answer.
   *
   * @throws {RucioError} when Rucio answers with an error
   * @throws {AppError} BAD_ARGUMENT for a path segment that must not leave the process; RUCIO_DOWN
   *   when there is no usable answer within `rucioSeconds`
   */
  async send(request: RucioRequest): Promise<RucioAnswer> {
    const { operation, subject, about, signal, rawQuery } = request;
    const pathname = buildPath(this.#prefix, request.segments, request.trailingSlash);
    const path = rawQuery === undefined ? pathname : `${pathname}?${rawQuery}`;
    const idempotent = request.idempotent ?? (request.method ?? 'GET') === 'GET';
    const context: ErrorContext = {
      operation,
      site: this.site.name,
      subject,
      about,
      isChange: !idempotent,
      missing: request.missing,
    };
    const startedAt = performance.now();
    let seconds: number | undefined;
    let answered: number | undefined;
    const span = this.#trace(request);
    const settle = once((error?: unknown) => {
      seconds ??= (performance.now() - startedAt) / 1000;
      const outcome = outcomeOf(error, signal);
      this.#onRequest?.(operation, outcome, seconds);
      span?.end(outcome, answered);
    });
    const explain = (error: unknown) => this.#explain(error, signal, context);
    try {
      const send = () => this.#sendOnce(path, request, span?.headers);
      const response = await send().catch((error: unknown) => {
        if (!idempotent || signal.aborted || !BROKEN_CONNECTION.has(codeOf(error))) throw error;
        return send();
      });
      seconds = (performance.now() - startedAt) / 1000;
      const { statusCode: status, headers, body } = response;
      answered = status;
      // Destroying a body makes it emit an error; the one who destroys it knows already.
      body.on('error', () => undefined);
      const header = (name: string) => single(headers[name]);
      if (status >= 400) {
        const text = await readBounded(body, MAX_ERROR_BYTES).catch(() => '');
        throw errorFromAnswer({ status, header, body: text ?? '' }, context);
      }
      if (status >= 300 && request.allowRedirect !== true) {
        await discard(body);
        throw rucioDown(context, `redirected the request (HTTP status ${status})`, {
          next: "ask the server's operator to check the Rucio URLs of this site",
        });
      }
      const setCookies = [headers['set-cookie'] ?? []].flat();
      return { status, header, setCookies, body, context, settle, explain };
    } catch (error) {
      const told = explain(error);
      settle(told);
      throw told;
    }
  }

  /** As part of the traced call that it is for, if it is. */
  #trace({ operation, method = 'GET' }: RucioRequest): RequestSpan | undefined {
    const call = currentCall();
    return call?.startRequest({ site: this.site.name, operation, method, origin: this.#origin });
  }

  async #sendOnce(
    path: string,
    request: RucioRequest,
    traceHeaders: RequestSpan['headers'] | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const { operation, method = 'GET', query, headers, signal } = request;
    const content = contentOf(request);
    signal.throwIfAborted();
    // Covers the wait for a free connection, which undici's own limits do not.
    const head = new Deadline([signal], this.#timeoutMs, () => new HeadTimeoutError());
    try {
      const response = await this.#pool.request({
        path,
        method,
        ...(query === undefined ? {} : { query }),
        headers: {
          accept: '*/*',
          'user-agent': 'rucio-mcp-cdk8s',
          'x-rucio-script': `rucio-mcp::${operation}`,
          'x-rucio-vo': this.site.vo,
          ...(content === undefined ? {} : { 'content-type': content.type }),
          ...traceHeaders,
          ...headers,
        },
        body: content?.text ?? null,
        signal: head.signal,
      });
      // The body has a limit of its own, and ends with the call.
      head.lift();
      response.body.once('close', head.release);
      return response;
    } catch (error) {
      head.release();
      throw error;
    }
  }

  #explain(error: unknown, signal: AbortSignal, context: ErrorContext): unknown {
    if (error instanceof AppError) return error;
    const seconds = this.#timeoutMs / 1000;
    if (signal.aborted) {
      const reason: unknown = signal.reason;
      return isTimeoutError(reason)
        ? rucioDown(context, unfinished(reason), { cause: error })
        : reason;
    }
    const down = (problem: string) => rucioDown(context, problem, { cause: error });
    const notSent = (problem: string) =>
      rucioDown({ ...context, isChange: false }, problem, { cause: error });
    if (error instanceof HeadTimeoutError) return down(`did not answer within ${seconds} s`);
    const code = codeOf(error);
    switch (code) {
      case 'UND_ERR_HEADERS_TIMEOUT':
        return down(`did not answer within ${seconds} s`);
      case 'UND_ERR_BODY_TIMEOUT':
        return down(`sent nothing for ${seconds} s in the middle of its answer`);
      case 'UND_ERR_CONNECT_TIMEOUT':
        return notSent(`did not accept a connection within ${seconds} s`);
      case 'ECONNREFUSED':
        return notSent('refused the connection');
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return notSent('has a host name that can not be resolved now');
      case 'ECONNRESET':
      case 'EPIPE':
      case 'UND_ERR_SOCKET':
      case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
        return down('cut off the connection before its answer was complete');
      default:
        if (TLS_ALERT.test(code)) {
          return rucioDown(context, "refused the TLS connection or the client's certificate", {
            next: "ask the server's operator to check the robot's certificate and who signed it",
            cause: error,
          });
        }
        if (CERTIFICATE_PROBLEM.test(code)) {
          return rucioDown(context, 'has a certificate that is not trusted', {
            next: "ask the server's operator to check the site's caFile and the Rucio URLs",
            cause: error,
          });
        }
        return down('could not be reached or did not answer in HTTP');
    }
  }
}

function given(tls: TlsOptions = {}): Record<string, string> {
  const entries = Object.entries(tls).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return Object.fromEntries(entries);
}

function contentOf({ body, form }: RucioRequest): { type: string; text: string } | undefined {
  if (form !== undefined) {
    return { type: 'application/x-www-form-urlencoded', text: form.toString() };
  }
  return body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) };
}

function unfinished(reason: unknown): string {
  return isStopError(reason)
    ? 'did not finish before this server had to restart'
    : 'did not finish within the time of this call';
}

class HeadTimeoutError extends Error {}

function outcomeOf(error: unknown, signal: AbortSignal): RucioOutcome {
  if (error === undefined) return 'ok';
  if (error instanceof AppError) return error.code === 'RUCIO_DOWN' ? 'down' : 'refused';
  return signal.aborted ? 'cancelled' : 'down';
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function once(run: (error?: unknown) => void): (error?: unknown) => void {
  let done = false;
  return (error) => {
    if (done) return;
    done = true;
    run(error);
  };
}
