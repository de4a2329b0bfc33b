import { LRUCache } from 'lru-cache';

/** Most callers that are counted at once; of more, the one that was quiet longest starts anew. */
const MAX_CALLERS = 10_000;

export interface FloodGateOptions {
  /** How often one caller may pass in a window. */
  readonly max: number;
  readonly windowMs: number;
  /** In milliseconds since the epoch. */
  readonly clock: () => number;
}

interface Window {
  readonly endsAt: number;
  readonly used: number;
}

/** Counts what each caller does in a window of time, in this process, within a bounded memory. */
export class FloodGate {
  readonly #options: FloodGateOptions;
  readonly #windows = new LRUCache<string, Window>({ max: MAX_CALLERS });

  constructor(options: FloodGateOptions) {
    this.#options = options;
  }

  /** @returns 0 when the caller may pass, else the whole seconds until it may try again */
  take(caller: string): number {
    const window = this.#windowOf(caller);
    const now = this.#options.clock();
    if (window.used >= this.#options.max)
      return Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    this.#windows.set(caller, { ...window, used: window.used + 1 });
    return 0;
  }

  /** Undoes one {@link take}: it was no abuse. */
  giveBack(caller: string): void {
    const window = this.#windowOf(caller);
    this.#windows.set(caller, { ...window, used: Math.max(0, window.used - 1) });
  }

  #windowOf(caller: string): Window {
    const now = this.#options.clock();
    const known = this.#windows.get(caller);
    const { windowMs } = this.#options;
    // A window that lasts longer than it can is of before the clock was set back.
    return known !== undefined && known.endsAt > now && known.endsAt <= now + windowMs
      ? known
      : { endsAt: now + windowMs, used: 0 };
  }
}
