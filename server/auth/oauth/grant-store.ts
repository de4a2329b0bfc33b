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
  /**
   * Reserves the renewal of a login, before Rucio is asked for it: of several that try at once, one
   * may. A claim that is not released ends after {@link CLAIM_SECONDS}. Withdraws nothing.
   */
  claim(family: string, generation: number): Promise<Claim>;
  /** Withdraws one token. */
  revokeToken(id: string, until: number): Promise<void>;
  /** Withdraws all tokens of one login. */
  revokeFamily(family: string, until: number): Promise<void>;
  isRevoked(id: string, family: string): Promise<boolean>;
  close(): Promise<void>;
}

export type Claim =
  | { readonly outcome: 'claimed'; release(): Promise<void> }
  /** Another request renews this login at the moment. */
  | { readonly outcome: 'busy' }
  /** {@link GrantStore.rotate} would not accept this refresh token. */
  | { readonly outcome: 'replayed' };

/** Longest claim, in seconds: after it a pod that has died in a renewal is in nobody's way. */
export const CLAIM_SECONDS = 60;

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

/**
 * How far a clock may be set back without harm, in milliseconds: what was used or withdrawn is
 * remembered longer than it can be presented, by so much.
 */
export const SET_BACK_MS = 3_600_000;

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
  readonly #claims = cache<{ readonly until: number }>();

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

  claim(family: string, generation: number): Promise<Claim> {
    const { isCurrent, isRepeat } = this.#standing(family, generation);
    if (this.#isRevoked(`family ${family}`) || !(isCurrent || isRepeat)) {
      return Promise.resolve({ outcome: 'replayed' });
    }
    const now = this.#clock();
    const held = this.#claims.get(family);
    if (held !== undefined && held.until > now) return Promise.resolve({ outcome: 'busy' });
    const mine = { until: now + CLAIM_SECONDS * 1000 };
    this.#claims.set(family, mine);
    const release = () => {
      if (this.#claims.get(family) === mine) this.#claims.delete(family);
      return Promise.resolve();
    };
    return Promise.resolve({ outcome: 'claimed', release });
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
    return Math.max(1, until * 1000 - this.#clock()) + SET_BACK_MS;
  }
}

function cache<V extends object | true | number>(): LRUCache<string, V> {
  return new LRUCache<string, V>({ max: MAX_ENTRIES });
}
