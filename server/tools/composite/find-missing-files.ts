import { z } from 'zod';

import { AppError } from '../../errors';
import { type Did, formatDid, parseDid } from '../../rucio/did';
import type { DidStatus } from '../../rucio/schemas/dids';
import { escapeName } from '../../rucio/untrusted-text';
import { compactNumber, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { Int, clampPage, limitParam, offsetParam } from '../params';
import { type Cell, type Item, tableShape, toTable } from '../results';
import { rseDirectoryOf } from '../rse-directory';
import { datasetsBelow } from './datasets-below';
import { Size, SmallTable, smallTable, unlessEmpty } from './fields';
import { namesOf } from './locate-data';
import { Parts } from './parts';
import { counted, fromBytes, inWords, toBytes } from './sizes';

/** Most files that are compared: Rucio tells some hundred replicas a second. */
const MAX_FILES = 20_000;
/** Each is one call to Rucio. */
const MAX_DATASETS = 1000;
const MAX_GROUPS = 8;
const PROGRESS_STEP = 500;

export const findMissingFiles = defineTool({
  name: 'rucio_find_missing_files',
  input: z.strictObject({
    did: z.string(),
    rse_expression: z.string().default('rse_type=DISK').describe('where they should be'),
    limit: limitParam(50),
    offset: offsetParam,
  }),
  output: z.object({
    did: z.string(),
    rse_expression: z.string(),
    files: Int,
    missing: Int,
    missing_bytes: Size,
    nowhere: Int,
    verdict: z.string(),
    by_dataset: SmallTable.optional(),
    elsewhere: SmallTable.optional(),
    ...tableShape,
  }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const { rucio, site, signal } = context;
    const status = await withNearNames(rucio, did, signal, rucio.dids.get(did, { signal }));
    assertComparable(status);
    const expression = input.rse_expression.trim() || 'rse_type=DISK';
    const parts = new Parts();
    const [wanted, files, rses] = await Promise.all([
      parts.needed(() => namesOf(expression, context)),
      referenceFiles(context, { did, status, parts }),
      parts.needed(() => rseDirectoryOf(site).list(context)),
    ]);
    await noteReplicas(context, { did, files, wanted });
    const missing = [...files.values()].filter(({ isThere }) => !isThere);
    const bytes = missing.reduce((sum, { bytes: size }) => sum + (toBytes(size) ?? 0n), 0n);
    const nowhere = missing.filter(({ elsewhere }) => elsewhere.length === 0).length;
    const { limit, offset } = clampPage(input);
    const items = missing.map(toItem).sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
    const table = toTable(['did', 'bytes', 'elsewhere'], {
      items: items.slice(offset, offset + limit),
      offset,
      count: missing.length,
      isWhole: true,
    });
    return {
      did: escapeName(formatDid(did)),
      rse_expression: escapeName(expression),
      files: files.size,
      missing: missing.length,
      missing_bytes: fromBytes(bytes),
      nowhere,
      verdict: verdictOf({ files: files.size, missing: missing.length, bytes, nowhere }),
      ...unlessEmpty('by_dataset', byDataset(missing, status)),
      ...unlessEmpty(
        'elsewhere',
        byRse(missing, (rse) => compactText(rses.get(rse)?.rse_type)),
      ),
      ...table,
    };
  },
});

interface FileState {
  readonly did: Did;
  readonly dataset: string;
  readonly bytes: number | string | null | undefined;
  /** Whether one of the wanted RSEs has a copy. */
  isThere: boolean;
  /** Other RSEs that have a copy. */
  elsewhere: string[];
}

/** @throws {AppError} TOO_BROAD when it has more files than are compared in one call */
function assertComparable({ length }: DidStatus): void {
  if (typeof length !== 'number' || length <= MAX_FILES) return;
  throw new AppError('TOO_BROAD', {
    what: `It has ${length} files; at most ${MAX_FILES} are compared in one call.`,
    next: 'ask for its datasets one by one; rucio_list_content lists them',
  });
}

/**
 * All files of a DID, with a dataset that has them. The list of replicas can not tell: it leaves out
 * files that have none.
 */
async function referenceFiles(
  { rucio, signal }: ToolContext,
  { did, status, parts }: { readonly did: Did; readonly status: DidStatus; readonly parts: Parts },
): Promise<Map<string, FileState>> {
  const type = status.type.toUpperCase();
  const below = await datasetsBelow(rucio, { did, type, max: MAX_DATASETS }, parts, signal);
  if (!below.isWhole) {
    throw new AppError('TOO_BROAD', {
      what: `It has more than ${MAX_DATASETS} datasets; they are not compared in one call.`,
      next: 'ask for its datasets one by one; rucio_list_content lists them',
    });
  }
  const files = new Map<string, FileState>();
  const sources = type === 'FILE' ? [did] : below.datasets;
  await Promise.all(
    sources.map((source) =>
      parts.needed(async () => {
        for await (const file of rucio.dids.files(source, { long: false }, { signal })) {
          const { scope, name, bytes } = file;
          const key = formatDid(file);
          if (files.has(key)) continue;
          files.set(key, {
            did: { scope, name },
            dataset: formatDid(source),
            bytes,
            isThere: false,
            elsewhere: [],
          });
        }
      }),
    ),
  );
  return files;
}

/**
 * Without the RSE expression: with it, Rucio would leave out the very files that are missing. Only
 * AVAILABLE replicas are copies.
 */
async function noteReplicas(
  { rucio, signal, progress }: ToolContext,
  known: {
    readonly did: Did;
    readonly files: ReadonlyMap<string, FileState>;
    readonly wanted: ReadonlySet<string>;
  },
): Promise<void> {
  const query = { dids: [known.did], schemes: [], allStates: true };
  let seen = 0;
  for await (const row of rucio.replicas.list(query, { signal })) {
    const file = known.files.get(formatDid(row));
    if (file !== undefined) {
      const copies = Object.keys(row.states).filter((rse) => row.states[rse] === 'AVAILABLE');
      file.isThere = copies.some((rse) => known.wanted.has(rse));
      file.elsewhere = copies.filter((rse) => !known.wanted.has(rse)).sort();
    }
    seen += 1;
    if (seen % PROGRESS_STEP === 0) {
      progress({ done: seen, total: known.files.size, message: 'files compared' });
    }
  }
}

function toItem({ did, bytes, elsewhere }: FileState): Item {
  const shown = elsewhere.map((rse) => escapeName(rse)).join(' ');
  return {
    sortKey: formatDid(did),
    did,
    rows: [[compactNumber(bytes), shown === '' ? null : shown]],
  };
}

function byDataset(missing: readonly FileState[], { type }: DidStatus): SmallTable {
  if (type.toUpperCase() !== 'CONTAINER') return smallTable(['dataset', 'missing'], [], 0);
  return groups(
    ['dataset', 'missing'],
    missing.map(({ dataset }) => dataset),
    (dataset, files) => [escapeName(dataset), files],
  );
}

function byRse(missing: readonly FileState[], typeOf: (rse: string) => string | null): SmallTable {
  return groups(
    ['rse', 'type', 'files'],
    missing.flatMap(({ elsewhere }) => elsewhere),
    (rse, files) => [escapeName(rse), typeOf(rse), files],
  );
}

function groups(
  columns: readonly string[],
  keys: readonly string[],
  toRow: (key: string, count: number) => Cell[],
): SmallTable {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const rows = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([key, count]) => toRow(key, count));
  return smallTable(columns, rows, MAX_GROUPS);
}

function verdictOf(known: {
  readonly files: number;
  readonly missing: number;
  readonly bytes: bigint;
  readonly nowhere: number;
}): string {
  const { files, missing, bytes, nowhere } = known;
  if (files === 0) return 'It has no files.';
  if (missing === 0) return `All ${counted(files, 'file')} have a copy at rse_expression.`;
  const lost =
    nowhere === 0
      ? 'all of these have a copy elsewhere'
      : `${nowhere} of these without any copy at all`;
  return `${missing} of ${counted(files, 'file')} (${inWords(bytes)}) have no copy at rse_expression; ${lost}.`;
}
