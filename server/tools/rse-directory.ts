import type { Site } from '../../lib/contract/sites';
import { AppError } from '../errors';
import type { RucioClient } from '../rucio/client';
import type { RseAttributes, RseRow } from '../rucio/schemas/rses';
import { quoteName } from '../rucio/untrusted-text';
import { nearWords } from './near-words';
import { SharedReads } from './shared-reads';

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

  constructor(clock?: () => number) {
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
    const near = wanted === '' ? [] : nearWords(wanted, [...rses.keys()]);
    throw new AppError('RSE_NOT_FOUND', {
      what: `Rucio has no RSE ${quoteName(wanted)}.`,
      why:
        near.length === 0 ? undefined : `Names that are alike: ${near.map(quoteName).join(', ')}`,
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
