import { type Did, formatDid } from '../../rucio/did';
import type { ReplicaRow } from '../../rucio/schemas/replicas';
import type { ToolContext } from '../define';
import { scopeNamesOf } from '../scope-names';
import type { Parts } from './parts';

/** Rucio's own bound on the DIDs of one request. */
const MAX_DIDS = 1000;
/** Most rows of the answer that are read: a name may also be that of a dataset with many files. */
const MAX_ROWS = 2000;
/** Most path segments that are taken for one scope. */
const MAX_SCOPE_PARTS = 4;
/** Where a path does not tell the scope, so many are tried. */
export const MAX_SCOPES = 25;

/** A file that a URL or path may mean. */
export interface FoundFile {
  readonly did: Did;
  /** `name`: there is such a file, but Rucio knows no replica of it at this path. */
  readonly by: 'url' | 'path' | 'name';
}

interface Candidate {
  readonly did: Did;
  /** What a replica's path has to end with. */
  readonly tail: readonly string[];
}

/** The segments of the path of a URL, or of a path, without empty ones. */
export function segmentsOf(pfn: string): string[] {
  const path = pfn.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  return path.split('/').filter((segment) => segment !== '');
}

/**
 * The files whose names a path ends with, the most certain first. Storage may lay its paths out as
 * `scope/name` ("identity"), as the name alone, or as nothing that follows from the name; so all that
 * a path may mean is asked for in one call, and the replicas' own paths tell which it is.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/rse/translation.py (identity)
 */
export async function filesNamedIn(
  pfn: string,
  context: ToolContext,
  parts: Parts,
): Promise<FoundFile[]> {
  const segments = segmentsOf(pfn);
  const withScope = await filesAmong(scopedNames(segments), context);
  if (withScope.length > 0) return withScope;
  const known = (await parts.permitted('scopes', () => scopeNamesOf(context.site, context))) ?? [];
  const scopes = known.filter((scope) => !/^(user|group)\./.test(scope)).slice(0, MAX_SCOPES);
  return filesAmong(bareNames(segments, scopes), context);
}

/** `…/scope/name`; dots of the scopes of users and groups are slashes. */
function scopedNames(segments: readonly string[]): Candidate[] {
  return segments.flatMap((first, start) => {
    const most = /^(user|group)/.test(first) ? MAX_SCOPE_PARTS : 1;
    return Array.from({ length: most }, (_, more) => start + more + 1)
      .filter((end) => end < segments.length)
      .flatMap((end) => {
        const scope = segments.slice(start, end).join('.');
        return named(scope, segments.slice(end), segments.slice(start));
      });
  });
}

/** `…/name`, longest names first, in each of some scopes. */
function bareNames(segments: readonly string[], scopes: readonly string[]): Candidate[] {
  return segments.flatMap((_, start) =>
    scopes.flatMap((scope) => named(scope, segments.slice(start), segments)),
  );
}

function named(scope: string, name: readonly string[], tail: readonly string[]): Candidate[] {
  const text = name.join('/');
  return [text, `/${text}`].map((written) => ({ did: { scope, name: written }, tail }));
}

async function filesAmong(
  candidates: readonly Candidate[],
  { rucio, signal }: ToolContext,
): Promise<FoundFile[]> {
  const byDid = new Map(
    candidates
      // Rucio refuses the whole list for one name without a letter.
      .filter(({ did }) => /\w/.test(did.scope) && /\w/.test(did.name))
      .slice(-MAX_DIDS)
      .map((candidate) => [formatDid(candidate.did), candidate]),
  );
  if (byDid.size === 0) return [];
  const found: (FoundFile & { readonly length: number })[] = [];
  const dids = [...byDid.values()].map(({ did }) => did);
  let read = 0;
  for await (const row of rucio.replicas.list({ dids, schemes: [], allStates: true }, { signal })) {
    const candidate = byDid.get(formatDid(row));
    if (candidate !== undefined) {
      const { did, tail } = candidate;
      found.push({ did, by: isAt(row, tail) ? 'path' : 'name', length: did.name.length });
    }
    read += 1;
    if (read === MAX_ROWS) break;
  }
  return found.sort((a, b) => rank(a) - rank(b) || b.length - a.length);
}

function rank({ by }: FoundFile): number {
  return by === 'path' ? 0 : 1;
}

/** Whether a replica's path ends so. */
function isAt({ pfns }: ReplicaRow, tail: readonly string[]): boolean {
  const end = `/${tail.join('/')}`;
  return Object.keys(pfns).some((pfn) => `/${segmentsOf(pfn).join('/')}`.endsWith(end));
}
