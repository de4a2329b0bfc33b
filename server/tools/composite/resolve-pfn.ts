import { createHash } from 'node:crypto';
import { z } from 'zod';

import { AppError } from '../../errors';
import { type Did, formatDid } from '../../rucio/did';
import { escapeName, hasControlCharacters, quoteName } from '../../rucio/untrusted-text';
import { compactNumber } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { rseDirectoryOf } from '../rse-directory';
import { NotPermitted, Size, SmallTable, smallTable } from './fields';
import { Parts, firstRows } from './parts';
import { type FoundFile, MAX_SCOPES, filesNamedIn, segmentsOf } from './names-in-path';
import { counted } from './sizes';

const MAX_LENGTH = 2000;
const MAX_PARENTS = 10;
/** Most path segments that are taken for one scope. */
const MAX_SCOPE_PARTS = 4;

export const resolvePfn = defineTool({
  name: 'rucio_resolve_pfn',
  input: z.strictObject({
    pfn: z.string().describe('access URL, or path on a storage element'),
    rse: z.string().default('').describe('where it is, if known'),
  }),
  output: z.object({
    did: z.string(),
    bytes: Size,
    found_by: z.enum(['url', 'path', 'name']),
    verdict: z.string(),
    parents: SmallTable,
    rses: z.array(z.string()),
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const pfn = parsePfn(input.pfn);
    const parts = new Parts();
    const hashed = await byHash(pfn, context, parts);
    const named = hashed === undefined ? await filesNamedIn(pfn, context, parts) : [];
    const found =
      hashed ??
      named.find(({ by }) => by === 'path') ??
      (await byUrl(pfn, input.rse, context, parts)) ??
      named[0];
    if (found === undefined) throw unknownPfn(pfn);
    return describe(found, context, parts);
  },
});

async function describe({ did, by }: FoundFile, context: ToolContext, parts: Parts) {
  const { rucio, signal } = context;
  const [status, parents = [], replicas = []] = await Promise.all([
    parts.needed(() => rucio.dids.get(did, { signal })),
    parts.permitted('parents', () => firstRows(rucio.dids.parents(did, { signal }), 1000)),
    parts.permitted('replicas', () =>
      firstRows(rucio.replicas.list({ dids: [did], schemes: [], allStates: false }, { signal }), 1),
    ),
  ]);
  const datasets = parents.filter(({ type }) => type?.toUpperCase() !== 'FILE');
  const names = datasets.map((parent) => escapeName(formatDid(parent))).sort();
  const where = Object.keys(replicas[0]?.states ?? {}).sort();
  return {
    did: escapeName(formatDid(did)),
    bytes: compactNumber(status.bytes),
    found_by: by,
    verdict: verdictOf(by, names.length),
    parents: smallTable(
      ['did', 'type'],
      datasets
        .map((parent) => [escapeName(formatDid(parent)), escapeName(parent.type ?? '')])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      MAX_PARENTS,
    ),
    rses: where.map((rse) => escapeName(rse)),
    ...parts.notPermitted,
  };
}

function verdictOf(by: FoundFile['by'], datasets: number): string {
  const where = datasets === 0 ? 'in no dataset' : `in ${counted(datasets, 'dataset')}`;
  return by === 'name'
    ? `A file of this name is ${where}; Rucio has no replica of it at this path.`
    : `The file is ${where}.`;
}

function parsePfn(text: string): string {
  const pfn = text.replaceAll(/^[\s`]+|[\s`]+$/g, '');
  if (pfn !== '' && pfn.length <= MAX_LENGTH && !hasControlCharacters(pfn) && pfn.includes('/')) {
    return pfn;
  }
  throw new AppError('BAD_ARGUMENT', {
    what: `pfn ${quoteName(text)} is neither an access URL nor a path.`,
    next: 'give the whole URL or path, e.g. root://host:1094//path/scope/ab/cd/file.root',
  });
}

/**
 * Deterministic storage has `…/scope/ab/cd/name`, where `abcd` begins the MD5 sum of `scope:name`
 * and dots of scopes may be slashes. The sum says whether a path is one of these.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/rse/translation.py (hash)
 */
async function byHash(
  pfn: string,
  { rucio, signal }: ToolContext,
  parts: Parts,
): Promise<FoundFile | undefined> {
  for (const did of candidates(pfn)) {
    const status = await parts.existing('file', () => rucio.dids.get(did, { signal }));
    if (status !== undefined) return { did, by: 'path' };
  }
  return undefined;
}

function candidates(pfn: string): Did[] {
  const segments = segmentsOf(pfn);
  return segments.flatMap((first, position) => {
    const hash = `${first}${segments[position + 1] ?? ''}`;
    if (!/^[0-9a-f]{4}$/.test(hash) || first.length !== 2) return [];
    const rest = segments.slice(position + 2).join('/');
    const before = segments.slice(0, position);
    const scopes = before
      .slice(-MAX_SCOPE_PARTS)
      .map((_, start, last) => last.slice(start).join('.'));
    return scopes
      .flatMap((scope) => [rest, `/${rest}`].map((name): Did => ({ scope, name })))
      .filter(({ scope, name }) => {
        const digest = createHash('md5').update(`${scope}:${name}`).digest('hex');
        return rest !== '' && digest.startsWith(hash);
      });
  });
}

/** What Rucio has registered under the URL. It tells for a named RSE only, and not for every scheme. */
async function byUrl(
  pfn: string,
  name: string,
  context: ToolContext,
  parts: Parts,
): Promise<FoundFile | undefined> {
  if (name.trim() === '') return undefined;
  const { rucio, site, signal } = context;
  const { rse } = await rseDirectoryOf(site).resolve(name, context);
  const rows = await parts.existing('urls', () =>
    firstRows(rucio.replicas.didsOfPfns([pfn], rse, { signal }), 10),
  );
  const did = rows?.flatMap((row) => Object.values(row))[0];
  if (did === undefined) return undefined;
  // Of deterministic storage Rucio only reads the path, and does not look whether there is the file.
  const status = await parts.existing('file', () => rucio.dids.get(did, { signal }));
  return status === undefined
    ? undefined
    : { did: { scope: did.scope, name: did.name }, by: 'url' };
}

function unknownPfn(pfn: string): AppError {
  return new AppError('NOT_FOUND', {
    what: `Rucio knows no file at ${quoteName(pfn)}.`,
    why: `It may have been deleted or never registered, or the path is not one that Rucio gives. Where a path has no scope in it, only the first ${MAX_SCOPES} scopes are tried.`,
    next: 'search by the file name with rucio_list_dids(did_type="file")',
  });
}
