import { LRUCache } from 'lru-cache';

/** Shortest time between two looks at Rucio for one login, in milliseconds. */
const INTERVAL_MS = 1000;
/** Most logins that are remembered. */
const MAX_LOGINS = 10_000;

/**
 * Asks Rucio about a login only when its browser asks, one request at a time, and not more often than
 * once a second.
 */
export class LoginPolls {
  readonly #clock: () => number;
  readonly #lookedAt = new LRUCache<string, number>({ max: MAX_LOGINS });
  readonly #pending = new Map<string, Promise<string | undefined>>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @returns undefined when there is nothing yet, or Rucio was asked a moment ago */
  async look(txn: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const pending = this.#pending.get(txn);
    if (pending !== undefined) return pending;
    const lookedAt = this.#lookedAt.get(txn);
    if (lookedAt !== undefined) {
      const age = this.#clock() - lookedAt;
      // Less than nothing: the clock was set back, and nobody should wait until it has caught up.
      if (age >= 0 && age < INTERVAL_MS) return undefined;
    }
    const asked = ask()
      .then((found) => {
        if (found === undefined) this.#lookedAt.set(txn, this.#clock());
        return found;
      })
      .finally(() => this.#pending.delete(txn));
    this.#pending.set(txn, asked);
    return asked;
  }
}
