import { AppError } from '../errors';
import { isTimeoutError } from './timeout-error';

/** Where a client gets its Rucio session token from. */
export interface TokenSource {
  /**
   * A token that is valid now.
   *
   * @throws {AppError} LOGIN or RUCIO_DOWN when there is none to be had; the signal's reason when the
   *   caller went away
   */
  token(signal: AbortSignal): Promise<string>;
  /** Tells that Rucio no longer accepts this token. Ignored when a newer one is in use already. */
  invalidate(token: string): void;
}

/** A session as a login gives it. */
export interface Session {
  readonly token: string;
  /** In milliseconds since the epoch, by our clock. */
  readonly expiresAt: number;
}

export type LoginOutcome = 'ok' | 'error';

export interface SessionDeps {
  readonly clock?: () => number;
  readonly onLogin?: (outcome: LoginOutcome) => void;
}

/** How long before its end a session is renewed, in milliseconds; at most half of its life. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** How long a failed login is not repeated, in milliseconds. */
const FAILURE_MEMORY_MS = 1000;

/**
 * One session for all callers. However many wait, one login runs; a caller that goes away does not
 * end it for the others. A session near its end is renewed in the background while it is still used.
 */
export class SharedSession implements TokenSource {
  readonly #login: () => Promise<Session>;
  readonly #clock: () => number;
  readonly #onLogin: ((outcome: LoginOutcome) => void) | undefined;
  #session: (Session & { readonly renewAt: number }) | undefined;
  #failure: { readonly error: unknown; readonly until: number } | undefined;
  #pending: Promise<Session> | undefined;

  /** @param login - signs in; must end by itself */
  constructor(login: () => Promise<Session>, deps: SessionDeps = {}) {
    this.#login = login;
    this.#clock = deps.clock ?? Date.now;
    this.#onLogin = deps.onLogin;
  }

  async token(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const now = this.#clock();
    const session = this.#session;
    if (session !== undefined && now < session.expiresAt) {
      if (now >= session.renewAt) void this.#signIn(now).catch(() => undefined);
      return session.token;
    }
    return (await unlessAborted(this.#signIn(now), signal)).token;
  }

  invalidate(token: string): void {
    if (this.#session?.token === token) this.#session = undefined;
  }

  async #signIn(now: number): Promise<Session> {
    if (this.#failure !== undefined) {
      const leftMs = this.#failure.until - now;
      // More than it ever was: the clock was set back, and the failure is of before.
      if (leftMs > 0 && leftMs <= FAILURE_MEMORY_MS) throw this.#failure.error;
    }
    this.#pending ??= this.#run().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #run(): Promise<Session> {
    try {
      const session = await this.#login();
      const now = this.#clock();
      const lifeMs = session.expiresAt - now;
      const renewAt = session.expiresAt - Math.min(RENEW_BEFORE_MS, lifeMs / 2);
      this.#session = { ...session, renewAt };
      this.#failure = undefined;
      this.#onLogin?.('ok');
      return session;
    } catch (error) {
      this.#failure = { error, until: this.#clock() + FAILURE_MEMORY_MS };
      this.#onLogin?.('error');
      throw error;
    }
  }
}

/** Settles as the promise does, or rejects when the signal is aborted first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = deferred();
  const onAbort = () => reject(toError(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function deferred(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}

function toError(reason: unknown): unknown {
  return isTimeoutError(reason)
    ? new AppError('RUCIO_DOWN', {
        what: 'Signing in at Rucio did not finish within the time of this call.',
        next: 'try again in a minute',
        cause: reason,
      })
    : reason;
}
