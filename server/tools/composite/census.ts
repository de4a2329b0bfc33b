import { type Did, formatDid } from '../../rucio/did';
import type { DidStatus } from '../../rucio/schemas/dids';
import type { ReplicaRow } from '../../rucio/schemas/replicas';
import type { ToolContext } from '../define';
import { datasetsBelow } from './datasets-below';
import type { Parts } from './parts';
import { type Bytes, toBytes } from './sizes';

/** What one RSE has of a DID. */
export interface Share {
  files: number;
  bytes: bigint;
  readonly schemes: Set<string>;
}

/** Where the files of a DID are. */
export interface Census {
  /** `cached`: Rucio's own figures, which lag behind; files were not counted. */
  readonly counters: 'exact' | 'cached';
  /** Each file once, where they were counted. */
  readonly files: number | undefined;
  readonly bytes: Bytes;
  /** How much more Rucio itself counts: it counts a file once for every dataset that has it. */
  readonly repeated: number;
  /** Replicas that exist, by RSE. */
  readonly shares: ReadonlyMap<string, Share>;
  /** Replicas that are no copies, by RSE: how many files are COPYING, UNAVAILABLE and so on. */
  readonly others: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** RSEs of each file that has a copy, as sets that files have in common; empty when cached. */
  readonly patterns: readonly (readonly [rses: readonly string[], files: number])[];
  /** Whether all datasets below it were looked at. */
  readonly isWhole: boolean;
}

export interface CensusOptions {
  readonly did: Did;
  readonly status: DidStatus;
  /** DIDs with more files are not counted one by one. */
  readonly maxFiles: number;
  readonly parts: Parts;
}

/** How many files go by between two progress notifications. */
const PROGRESS_STEP = 500;
/** Most datasets whose cached figures are read, and of one request: Rucio's own bound. */
const MAX_DATASETS = 10_000;
const BULK = 1000;

/**
 * Counts the copies of a DID by RSE. Without an RSE expression: with one, Rucio would leave out the
 * files that are not there, and nothing would look incomplete.
 */
export async function takeCensus(context: ToolContext, options: CensusOptions): Promise<Census> {
  const { status, maxFiles, parts } = options;
  const files = status.length ?? undefined;
  if (files !== undefined && files > maxFiles) return cachedCensus(context, options);
  return parts.needed(() => exactCensus(context, options));
}

async function exactCensus(context: ToolContext, options: CensusOptions): Promise<Census> {
  const { did, status } = options;
  const { rucio, signal, progress } = context;
  const shares = new Map<string, Share>();
  const others = new Map<string, Map<string, number>>();
  const patterns = new Map<string, { rses: string[]; files: number }>();
  const total = status.length ?? undefined;
  const query = { dids: [did], schemes: [], allStates: true };
  let seen = 0;
  for await (const row of rucio.replicas.list(query, { signal })) {
    const available = count(row, shares, others);
    const key = available.join(' ');
    const pattern = patterns.get(key);
    if (pattern === undefined) patterns.set(key, { rses: available, files: 1 });
    else pattern.files += 1;
    seen += 1;
    if (seen % PROGRESS_STEP === 0) progress({ done: seen, total, message: 'files counted' });
  }
  const { files, bytes } =
    total === undefined || total === seen
      ? { files: seen, bytes: toBytes(status.bytes) }
      : await distinctFiles(context, options);
  return {
    counters: 'exact',
    files,
    bytes,
    repeated: Math.max(0, (total ?? files) - files),
    shares,
    others,
    patterns: [...patterns.values()].map(({ rses, files: count }) => [rses, count] as const),
    isWhole: true,
  };
}

/** Fewer files with replicas than Rucio counts: some have none, or are in several datasets. */
async function distinctFiles(
  { rucio, signal }: ToolContext,
  { did, status }: CensusOptions,
): Promise<{ files: number; bytes: Bytes }> {
  if (status.type.toUpperCase() !== 'CONTAINER') {
    return { files: status.length ?? 0, bytes: toBytes(status.bytes) };
  }
  const files = new Set<string>();
  let bytes = 0n;
  for await (const file of rucio.dids.files(did, { long: false }, { signal })) {
    const key = formatDid(file);
    if (files.has(key)) continue;
    files.add(key);
    bytes += toBytes(file.bytes) ?? 0n;
  }
  return { files: files.size, bytes };
}

/** @returns the RSEs that have a copy */
function count(
  row: ReplicaRow,
  shares: Map<string, Share>,
  others: Map<string, Map<string, number>>,
): string[] {
  const bytes = toBytes(row.bytes) ?? 0n;
  const available: string[] = [];
  for (const [rse, state] of Object.entries(row.states)) {
    if (state === 'AVAILABLE') {
      available.push(rse);
      addShare(shares, rse, 1, bytes);
    } else {
      const states = others.get(rse) ?? new Map<string, number>();
      states.set(state, (states.get(state) ?? 0) + 1);
      others.set(rse, states);
    }
  }
  for (const [pfn, { rse }] of Object.entries(row.pfns)) {
    const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(pfn)?.[0];
    if (scheme !== undefined) shares.get(rse)?.schemes.add(scheme.toLowerCase());
  }
  return available.sort();
}

function addShare(shares: Map<string, Share>, rse: string, files: number, bytes: bigint): void {
  const share = shares.get(rse);
  if (share === undefined) {
    shares.set(rse, { files, bytes, schemes: new Set() });
  } else {
    share.files += files;
    share.bytes += bytes;
  }
}

async function cachedCensus(
  { rucio, signal, progress }: ToolContext,
  { did, status, parts }: CensusOptions,
): Promise<Census> {
  const type = status.type.toUpperCase();
  const below = await datasetsBelow(rucio, { did, type, max: MAX_DATASETS }, parts, signal);
  const { datasets, isWhole } = below;
  const shares = new Map<string, Share>();
  await parts.needed(async () => {
    let seen = 0;
    for (let start = 0; start < datasets.length; start += BULK) {
      const some = datasets.slice(start, start + BULK);
      for await (const row of rucio.replicas.datasetsBulk(some, { signal })) {
        const files = row.available_length ?? 0;
        if (files > 0) addShare(shares, row.rse, files, toBytes(row.available_bytes) ?? 0n);
        seen += 1;
        if (seen % PROGRESS_STEP === 0) progress({ done: seen, message: 'dataset replicas read' });
      }
    }
  });
  return {
    counters: 'cached',
    files: status.length ?? undefined,
    bytes: toBytes(status.bytes),
    repeated: 0,
    shares,
    others: new Map(),
    patterns: [],
    isWhole,
  };
}

/** Said with every answer whose figures are not what Rucio says, or were not counted. */
export function censusNotes({ counters, files, repeated, isWhole }: Census): string[] {
  if (counters === 'exact') {
    return repeated === 0
      ? []
      : [`files in several datasets are counted once; Rucio's own figure has ${repeated} more`];
  }
  return [
    `${files ?? 'many'} files were not counted one by one: figures by RSE are Rucio's cached ones ` +
      'and may lag; a single dataset is counted',
    ...(isWhole ? [] : [`only the first ${MAX_DATASETS} datasets were looked at`]),
  ];
}
