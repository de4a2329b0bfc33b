import { z } from 'zod';

import { type Did, formatDid, parseDid } from '../../rucio/did';
import type { DidMeta, DidStatus, ParentRow } from '../../rucio/schemas/dids';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactNumber, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { Int } from '../params';
import { Cell } from '../results';
import { rseDirectoryOf } from '../rse-directory';
import { type Census, censusNotes, takeCensus } from './census';
import { NotPermitted, Size, SmallTable, smallTable } from './fields';
import { Parts, firstRows } from './parts';
import { fromBytes, percentOf } from './sizes';

/** With more files, Rucio's cached figures are shown: this is an overview. */
const MAX_COUNTED = 2000;
const MAX_PARENTS = 5;
const MAX_RSES = 10;
/** Most rules and parents that are read. */
const MAX_ROWS = 1000;

/** Metadata worth a line, where it is set. */
const HIGHLIGHTS = [
  'project',
  'datatype',
  'run_number',
  'stream_name',
  'prod_step',
  'version',
  'campaign',
  'task_id',
  'panda_id',
  'phys_group',
  'provenance',
  'events',
  'guid',
  'adler32',
  'md5',
  'is_archive',
] as const;

export const describeDid = defineTool({
  name: 'rucio_describe_did',
  input: z.strictObject({ did: z.string() }),
  output: z.object({
    did: z.string(),
    type: z.string(),
    account: z.string().nullable(),
    open: z.boolean().optional(),
    files: Size,
    bytes: Size,
    created_at: z.string().nullable(),
    accessed_at: z.string().nullable().optional(),
    expires_at: z.string().nullable(),
    metadata: z.record(z.string(), Cell),
    parents: z.array(z.string()),
    parents_total: Int,
    rules: z.record(z.string(), Int),
    rses: SmallTable,
    counters: z.enum(['exact', 'cached']),
    not_permitted: NotPermitted,
    note: z.string().optional(),
  }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const { rucio, signal } = context;
    const status = await withNearNames(rucio, did, signal, rucio.dids.get(did, { signal }));
    return describe(did, status, context);
  },
});

async function describe(did: Did, status: DidStatus, context: ToolContext) {
  const { rucio, site, signal } = context;
  const parts = new Parts();
  const [meta = {}, rules = [], parents = [], census, rses] = await Promise.all([
    parts.permitted('metadata', () => rucio.dids.meta(did, 'DID_COLUMN', { signal })),
    parts.permitted('rules', () => firstRows(rucio.dids.rules(did, { signal }), MAX_ROWS)),
    parts.permitted('parents', () => firstRows(rucio.dids.parents(did, { signal }), MAX_ROWS)),
    takeCensus(context, { did, status, maxFiles: MAX_COUNTED, parts }),
    parts.needed(() => rseDirectoryOf(site).list(context)),
  ]);
  const isFile = status.type.toUpperCase() === 'FILE';
  const notes = [
    ...censusNotes(census),
    ...protection({ rules, parents, census }),
    ...(rules.length < MAX_ROWS ? [] : [`only the first ${MAX_ROWS} rules were counted`]),
    ...(parents.length < MAX_ROWS ? [] : [`only the first ${MAX_ROWS} parents were counted`]),
  ];
  return {
    did: escapeName(formatDid(did)),
    type: compactText(status.type) ?? '',
    account: compactText(status.account),
    ...(isFile ? {} : { open: status.open ?? false }),
    files: compactNumber(status.length),
    bytes: compactNumber(status.bytes),
    created_at: dateOf(meta, 'created_at'),
    ...(isSet(meta['accessed_at']) ? { accessed_at: dateOf(meta, 'accessed_at') } : {}),
    expires_at: compactDate(status.expired_at) ?? dateOf(meta, 'expired_at'),
    metadata: highlights(meta),
    parents: parents
      .map((parent) => escapeName(formatDid(parent)))
      .sort()
      .slice(0, MAX_PARENTS),
    parents_total: parents.length,
    rules: countStates(rules),
    rses: shares(census, (rse) => compactText(rses.get(rse)?.rse_type)),
    counters: census.counters,
    ...parts.notPermitted,
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

function shares(census: Census, typeOf: (rse: string) => string | null): SmallTable {
  const rows = [...census.shares]
    .sort(([a, x], [b, y]) => y.files - x.files || (a < b ? -1 : 1))
    .map(([rse, { files, bytes }]): Cell[] => [
      escapeName(rse),
      typeOf(rse),
      files,
      percentOf(files, census.files ?? files),
      fromBytes(bytes),
    ]);
  return smallTable(['rse', 'type', 'files', 'percent', 'bytes'], rows, MAX_RSES);
}

function countStates(rules: readonly RuleRow[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of rules) {
    const name = escapeName(state);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Copies that no rule holds may be deleted by Rucio at any time. @see rucio/rucio#6513 */
function protection(known: {
  readonly rules: readonly RuleRow[];
  readonly parents: readonly ParentRow[];
  readonly census: Census;
}): string[] {
  const { rules, parents, census } = known;
  if (rules.length > 0 || census.shares.size === 0) return [];
  return parents.length > 0
    ? ['no rule on the DID itself: rules on its parents may protect its copies']
    : ['no rule protects these copies: Rucio may delete them when it needs space'];
}

function highlights(meta: DidMeta): Record<string, Cell> {
  const shown = HIGHLIGHTS.flatMap((key): [string, Cell][] => {
    const value = meta[key];
    if (!isSet(value) || value === false) return [];
    if (typeof value === 'string') return [[key, escapeName(value)]];
    return typeof value === 'number' || typeof value === 'boolean' ? [[key, value]] : [];
  });
  return Object.fromEntries(shown);
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}

function dateOf(meta: DidMeta, key: string): string | null {
  const value = meta[key];
  return typeof value === 'string' ? compactDate(value) : null;
}
