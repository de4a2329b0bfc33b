import { AppError } from '../../errors';
import type { RucioClient } from '../../rucio/client';
import type { Did } from '../../rucio/did';
import { quoteName } from '../../rucio/untrusted-text';

/** Bounds of the search: rows that Rucio may send, and time, in milliseconds. */
const MAX_ROWS = 200;
const MAX_MS = 2000;
const SHOWN = 3;

/**
 * Waits for an answer about a DID. When Rucio does not know the DID, one bounded search looks for
 * names of its scope that begin alike, and the error names them.
 */
export async function withNearNames<T>(
  rucio: RucioClient,
  did: Did,
  signal: AbortSignal,
  answer: Promise<T>,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DID_NOT_FOUND') throw error;
    const near = await nearNames(rucio, did, signal);
    if (near.length === 0) throw error;
    throw new AppError('DID_NOT_FOUND', {
      what: error.what,
      why: `Names in the scope that begin alike: ${near.map(quoteName).join(', ')}`,
      next: 'call again with the exact name, or search with rucio_list_dids',
      cause: error,
    });
  }
}

async function nearNames(rucio: RucioClient, did: Did, signal: AbortSignal): Promise<string[]> {
  const prefix = did.name.slice(0, Math.ceil(did.name.length / 2));
  if (prefix.includes('*')) return [];
  const names: string[] = [];
  try {
    const rows = rucio.dids.list(
      {
        scope: did.scope,
        type: 'all',
        filters: { name: `${prefix}*` },
        recursive: false,
        limit: MAX_ROWS,
      },
      { signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]) },
    );
    for await (const { name } of rows) if (names.push(name) === MAX_ROWS) break;
  } catch {
    // The search is an addition: what it found before it failed is still true.
  }
  return [...new Set(names)]
    .map((name) => ({ name, alike: commonPrefix(name, did.name) }))
    .sort((a, b) => b.alike - a.alike || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ name }) => name);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
