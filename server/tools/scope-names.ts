import type { Site } from '../../lib/contract/sites';
import type { DirectoryReader } from './rse-directory';
import { SharedReads } from './shared-reads';

const NAMES = new WeakMap<Site, SharedReads<readonly string[]>>();

/** All scopes of a site, sorted; the same for all callers, asked for at most every five minutes. */
export async function scopeNamesOf(
  site: Site,
  { rucio, signal }: DirectoryReader,
): Promise<readonly string[]> {
  const reads = NAMES.get(site) ?? new SharedReads<readonly string[]>();
  NAMES.set(site, reads);
  return reads.get('', signal, async (own) =>
    (await rucio.scopes.list({ signal: own })).toSorted(),
  );
}

/** Longest time that an answer is made better for, in milliseconds. */
const MAX_MS = 2000;

/** The same where it is an addition to an answer: undefined where Rucio does not tell in time. */
export async function knownScopesOf(
  site: Site,
  { rucio, signal }: DirectoryReader,
): Promise<readonly string[] | undefined> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]);
  return scopeNamesOf(site, { rucio, signal: inTime }).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
}
