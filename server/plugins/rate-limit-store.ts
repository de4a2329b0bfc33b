import { LRUCache } from 'lru-cache';

/** Most addresses that are counted at once. */
const MAX_ADDRESSES = 5000;

interface Window {
  readonly count: number;
  /** When it ends, in milliseconds of the clock below. */
  readonly until: number;
}

type Callback = (error: Error | null, result?: { current: number; ttl: number }) => void;

/**
 * Counts requests by address in windows of fixed length, as the plugin's own store does. That one goes
 * by the time of day: when the clock is set back by an hour, everybody who has used up a limit would
 * be kept out for an hour. This one goes by a clock that never jumps.
 */
export class RateLimitStore {
  readonly #windows = new LRUCache<string, Window>({ max: MAX_ADDRESSES });

  incr(address: string, done: Callback, timeWindow: number): void {
    const now = performance.now();
    const known = this.#windows.get(address);
    const { count, until } =
      known !== undefined && known.until > now ? known : { count: 0, until: now + timeWindow };
    this.#windows.set(address, { count: count + 1, until });
    done(null, { current: count + 1, ttl: until - now });
  }

  /** Like {@link incr}, without counting. */
  read(address: string, done: Callback): void {
    const now = performance.now();
    const known = this.#windows.get(address);
    const isOver = known === undefined || known.until <= now;
    done(null, isOver ? { current: 0, ttl: 0 } : { current: known.count, ttl: known.until - now });
  }

  /** Each route counts for itself. */
  child(): RateLimitStore {
    return new RateLimitStore();
  }
}
