import { didYouMean } from '../../lib/contract/did-you-mean';
import type { Site } from '../../lib/contract/sites';
import { AppError } from '../errors';
import type { RucioClient } from '../rucio/client';
import type { RseAttributes, RseRow } from '../rucio/schemas/rses';
import { quoteName } from '../rucio/untrusted-text';

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
class SharedReads<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
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

/** Whoever asks; the answer is the same for all callers of a site. */
export interface DirectoryReader {
  readonly rucio: RucioClient;
  readonly signal: AbortSignal;
}

/**
 * The RSEs of one site and their attributes, which are the same for all callers and change seldom:
 * each is asked for at most every five minutes. The list is one call; attributes are one call an
 * RSE, so only those that an answer shows should be asked for.
 */
export class RseDirectory {
  readonly #lists: SharedReads<ReadonlyMap<string, RseRow>>;
  readonly #attributes: SharedReads<RseAttributes>;

  constructor(clock: () => number = Date.now) {
    this.#lists = new SharedReads(clock);
    this.#attributes = new SharedReads(clock);
  }

  /** All RSEs by name. */
  async list({ rucio, signal }: DirectoryReader): Promise<ReadonlyMap<string, RseRow>> {
    return this.#lists.get('', signal, async (own) => {
      const rses = new Map<string, RseRow>();
      for await (const row of rucio.rses.list(undefined, { signal: own })) rses.set(row.rse, row);
      return rses;
    });
  }

  async attributes(rse: string, { rucio, signal }: DirectoryReader): Promise<RseAttributes> {
    return this.#attributes.get(rse, signal, (own) => rucio.rses.attributes(rse, { signal: own }));
  }

  /**
   * The RSE that a person means, whatever the case of its letters.
   *
   * @throws {AppError} RSE_NOT_FOUND that tells a name which is alike
   */
  async resolve(text: string, reader: DirectoryReader): Promise<RseRow> {
    const wanted = text.replaceAll(/^[\s`]+|[\s`]+$/g, '');
    const rses = await this.list(reader);
    const upper = wanted.toUpperCase();
    const found =
      rses.get(wanted) ?? [...rses.values()].find(({ rse }) => rse.toUpperCase() === upper);
    if (found !== undefined) return found;
    const names = [...rses.keys()];
    const near =
      didYouMean(upper, names) ?? names.find((name) => name.toUpperCase().includes(upper));
    throw new AppError('RSE_NOT_FOUND', {
      what: `Rucio has no RSE ${quoteName(wanted)}.`,
      why:
        near === undefined || wanted === ''
          ? undefined
          : `A name that is alike: ${quoteName(near)}`,
      next: 'call again with the exact name; rucio_list_rses lists them',
    });
  }
}

const DIRECTORIES = new WeakMap<Site, RseDirectory>();

/** The directory of a site, shared by all calls of this process. */
export function rseDirectoryOf(site: Site): RseDirectory {
  const known = DIRECTORIES.get(site);
  if (known !== undefined) return known;
  const made = new RseDirectory();
  DIRECTORIES.set(site, made);
  return made;
}
