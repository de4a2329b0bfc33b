import type { Site } from '../../lib/contract/sites';
import { firstRows } from '../tools/composite/parts';
import { type DirectoryReader, rseDirectoryOf } from '../tools/rse-directory';
import { scopeNamesOf } from '../tools/scope-names';
import { SharedReads } from '../tools/shared-reads';

/** Most accounts that are kept. */
const MAX_ACCOUNTS = 50_000;

/** Names of a site that completions offer; the same for all callers, read at most every five minutes. */
export class SiteLists {
  readonly #site: Site;
  readonly #names = new SharedReads<readonly string[]>();

  constructor(site: Site) {
    this.#site = site;
  }

  async scopes(reader: DirectoryReader): Promise<readonly string[]> {
    return scopeNamesOf(this.#site, reader);
  }

  async accounts({ rucio, signal }: DirectoryReader): Promise<readonly string[]> {
    return this.#names.get('accounts', signal, async (own) => {
      const rows = await firstRows(rucio.accounts.list({}, { signal: own }), MAX_ACCOUNTS);
      return rows.map(({ account }) => account).sort();
    });
  }

  async rses(reader: DirectoryReader): Promise<readonly string[]> {
    return [...(await rseDirectoryOf(this.#site).list(reader)).keys()].sort();
  }
}
