import { LRUCache } from 'lru-cache';

/**
 * What has to be remembered of what was handed out: which codes are used, which tokens are withdrawn.
 * All other state is sealed into the tokens themselves. Times are seconds since the epoch.
 */
export interface GrantStore {
  /** @returns false when the code was used before */
  useCode(id: string, until: number): Promise<boolean>;
  /**
   * Takes a refresh token in exchange for the next one.
   *
   * @returns the generation of the next one; `undefined` when this one was used before, by whoever:
   *   the family is withdrawn then
   */
  rotate(family: string, generation: number, until: number): Promise<number | undefined>;
  /** Whether {@link rotate} would accept this refresh token now. Changes nothing. */
  isCurrent(family: string, generation: number): Promise<boolean>;
  /** Withdraws one token. */
  revokeToken(id: string, until: number): Promise<void>;
  /** Withdraws all tokens of one login. */
  revokeFamily(family: string, until: number): Promise<void>;
  isRevoked(id: string, family: string): Promise<boolean>;
  close(): Promise<void>;
}

/** How long a client should wait for the state store, in seconds. */
export const STORE_RETRY_SECONDS = 5;

/** The state store does not answer: nothing that needs it is done, and the client may try again. */
export class StateStoreUnavailable extends Error {
  readonly code = 'STATE_STORE_UNAVAILABLE';
  readonly statusCode = 503;

  constructor(cause: unknown) {
    super('the state store does not answer', { cause });
    this.name = 'StateStoreUnavailable';
  }
}

/** Most entries of one kind; an entry needs a login, so that nobody can flood it from outside. */
const MAX_ENTRIES = 50_000;

interface Family {
  readonly current: number;
  /** The generation before may be presented once more: its answer may have been lost. */
  readonly mayRepeat: boolean;
}

/**
 * Keeps it in this process: right for one pod. After a restart a family starts from whatever of its
 * refresh tokens is presented first, and used codes (60 s) and withdrawn tokens are forgotten.
 */
export class MemoryGrantStore implements GrantStore {
  readonly #clock: () => number;
  readonly #codes = cache<true>();
  readonly #families = cache<Family>();
  readonly #revoked = cache<number>();

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  useCode(id: string, until: number): Promise<boolean> {
    const isNew = !this.#codes.has(id);
    this.#codes.set(id, true, { ttl: this.#ttl(until) });
    return Promise.resolve(isNew);
  }

  rotate(family: string, generation: number, until: number): Promise<number | undefined> {
    if (this.#isRevoked(`family ${family}`)) return Promise.resolve(undefined);
    const { current, isCurrent, isRepeat } = this.#standing(family, generation);
    if (!isCurrent && !isRepeat) {
      this.#revoked.set(`family ${family}`, until, { ttl: this.#ttl(until) });
      return Promise.resolve(undefined);
    }
    const next = { current: current + 1, mayRepeat: isCurrent };
    this.#families.set(family, next, { ttl: this.#ttl(until) });
    return Promise.resolve(next.current);
  }

  isCurrent(family: string, generation: number): Promise<boolean> {
    if (this.#isRevoked(`family ${family}`)) return Promise.resolve(false);
    const { isCurrent, isRepeat } = this.#standing(family, generation);
    return Promise.resolve(isCurrent || isRepeat);
  }

  revokeToken(id: string, until: number): Promise<void> {
    this.#revoked.set(`token ${id}`, until, { ttl: this.#ttl(until) });
    return Promise.resolve();
  }

  revokeFamily(family: string, until: number): Promise<void> {
    this.#revoked.set(`family ${family}`, until, { ttl: this.#ttl(until) });
    return Promise.resolve();
  }

  isRevoked(id: string, family: string): Promise<boolean> {
    return Promise.resolve(this.#isRevoked(`token ${id}`) || this.#isRevoked(`family ${family}`));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #standing(family: string, generation: number) {
    const known = this.#families.get(family);
    const current = known?.current ?? generation;
    return {
      current,
      isCurrent: generation === current,
      isRepeat: generation === current - 1 && known?.mayRepeat === true,
    };
  }

  #isRevoked(name: string): boolean {
    return this.#revoked.has(name);
  }

  #ttl(until: number): number {
    return Math.max(1, until * 1000 - this.#clock());
  }
}

function cache<V extends object | true | number>(): LRUCache<string, V> {
  return new LRUCache<string, V>({ max: MAX_ENTRIES });
}
