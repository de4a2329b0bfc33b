/** How long Rucio's answers are used again, in milliseconds. */
const TTL_MS = 300_000;
/** Longest time of one read that several callers wait for, in milliseconds. */
const READ_MS = 20_000;
const MAX_ENTRIES = 5000;

interface Entry<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

/** Reads once for all who ask meanwhile, and again after {@link TTL_MS} or a failure. */
export class SharedReads<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #clock: () => number;

  /** @param clock - milliseconds since some moment */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** @param read - gets a signal of its own: a caller who leaves must not fail the others */
  async get(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<T>) {
    return orAborted(this.#read(key, read), signal);
  }

  #read(key: string, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#clock()) return known.value;
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    const value = read(AbortSignal.timeout(READ_MS));
    const entry = { value, until: this.#clock() + TTL_MS };
    this.#entries.set(key, entry);
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return value;
  }
}

async function orAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
