import { z } from 'zod';

import { AppError } from '../../errors';
import type { RucioClient } from '../../rucio/client';
import type { ListReplicasQuery } from '../../rucio/domains/replicas';
import { type Did, formatDid, parseDids } from '../../rucio/did';
import { escapeName } from '../../rucio/untrusted-text';
import type { ReplicaRow } from '../../rucio/schemas/replicas';
import type { DidStatus } from '../../rucio/schemas/dids';
import { compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { Int, clampPage, limitParam, offsetParam } from '../params';
import { type Cell, type Item, type Page, readPage, tableShape, toTable } from '../results';

/** Rucio's own bound on the DIDs of one request. */
const MAX_DIDS = 1000;
/** Most DIDs whose existence is checked besides. */
const MAX_CHECKS = 10;
/** Longest access URL that is shown whole; signed ones are long, and a part of one is useless. */
const MAX_PFN = 2000;

export const listReplicas = defineTool({
  name: 'rucio_list_replicas',
  input: z.strictObject({
    dids: z.string().describe('DIDs, separated by spaces'),
    protocols: z.string().default('').describe('URL schemes, e.g. root,davs'),
    rse_expression: z.string().default(''),
    sort: z.enum(['', 'geoip', 'random', 'custom_table']).default(''),
    all_states: z.boolean().default(false).describe('also replicas that can not be read now'),
    limit: limitParam(20).describe('files'),
    offset: offsetParam,
  }),
  output: z.object({
    ...tableShape,
    not_here: Int.optional(),
    unknown: z.array(z.string()).optional(),
  }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const dids = parseDids(input.dids, 'dids', MAX_DIDS);
    const schemes = parseProtocols(input.protocols);
    const expression = input.rse_expression.trim();
    const query: ListReplicasQuery = {
      dids,
      schemes,
      allStates: input.all_states,
      ...(expression === '' ? {} : { rseExpression: expression }),
      ...(input.sort === '' ? {} : { sort: input.sort }),
    };
    const files = new Set<string>();
    const reading = items(rucio, query, files, signal);
    const page = await readPage(reading, clampPage(input), context);
    const doubtful = dids.filter((did) => !files.has(formatDid(did)));
    const checked =
      page.count === 0 || expression !== '' || dids.length > 1
        ? await check(rucio, dids, doubtful, signal)
        : [];
    return describe({ page, dids, checked, expression });
  },
});

/** What Rucio knows of a DID that was asked for; `undefined`: it has no such DID. */
type Checked = readonly [did: Did, status: DidStatus | undefined];

interface Found {
  readonly page: Page;
  readonly dids: readonly Did[];
  readonly checked: readonly Checked[];
  readonly expression: string;
}

function describe({ page, dids, checked, expression }: Found) {
  const unknown = checked.filter(([, status]) => status === undefined).map(([did]) => did);
  const missing = filesWithoutMatch({ page, dids, checked, expression });
  const notes: string[] = [];
  if (unknown.length > 0) notes.push('Rucio does not know the DIDs in unknown');
  if (page.count === 0 && unknown.length < dids.length) {
    const which = expression === '' ? 'no replica that can be read now' : 'no matching replica';
    notes.push(`the DIDs exist, but their files have ${which}, or they have no files`);
  } else if (expression !== '' && page.count > 0 && missing === undefined) {
    notes.push('files without a replica at rse_expression are not listed');
  }
  return {
    ...toTable(['did', 'bytes', 'rse', 'type', 'state', 'pfn'], page, ...notes),
    ...(missing === undefined || missing === 0 ? {} : { not_here: missing }),
    ...(unknown.length === 0 ? {} : { unknown: unknown.map((did) => escapeName(formatDid(did))) }),
  };
}

/** How many files of the one dataset that was asked for Rucio left out; unknown for anything else. */
function filesWithoutMatch({ page, dids, checked }: Found): number | undefined {
  const status = checked[0]?.[1];
  if (dids.length !== 1 || status === undefined || !page.isWhole) return undefined;
  // In a container a file may be counted several times.
  if (status.type.toUpperCase() === 'CONTAINER' || typeof status.length !== 'number') {
    return undefined;
  }
  return Math.max(0, status.length - page.count);
}

/**
 * Rucio answers alike for a DID without replicas and one that it does not know.
 *
 * @throws {AppError} DID_NOT_FOUND when the only DID is unknown
 */
async function check(
  rucio: RucioClient,
  dids: readonly Did[],
  doubtful: readonly Did[],
  signal: AbortSignal,
): Promise<Checked[]> {
  const [did] = doubtful;
  if (did !== undefined && dids.length === 1) {
    return [[did, await withNearNames(rucio, did, signal, rucio.dids.get(did, { signal }))]];
  }
  return Promise.all(
    doubtful.slice(0, MAX_CHECKS).map(async (did): Promise<Checked> => {
      try {
        return [did, await rucio.dids.get(did, { signal })];
      } catch (error) {
        if (error instanceof AppError && error.code === 'DID_NOT_FOUND') return [did, undefined];
        throw error;
      }
    }),
  );
}

async function* items(
  rucio: RucioClient,
  query: ListReplicasQuery,
  files: Set<string>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const asked = new Set(query.dids.map(formatDid));
  for await (const row of rucio.replicas.list(query, { signal })) {
    const did = formatDid(row);
    if (asked.has(did)) files.add(did);
    yield toItem(row);
  }
}

function toItem({ scope, name, bytes, pfns, states }: ReplicaRow): Item {
  const size = compactNumber(bytes);
  const state = (rse: string) => compactText(Object.hasOwn(states, rse) ? states[rse] : null);
  const rows: Cell[][] = Object.entries(pfns)
    .sort(([, a], [, b]) => (a.priority ?? Infinity) - (b.priority ?? Infinity) || 0)
    .map(([pfn, { rse, type }]) => [
      size,
      compactText(rse),
      compactText(type),
      state(rse),
      escapeName(pfn, MAX_PFN),
    ]);
  const shown = new Set(Object.values(pfns).map(({ rse }) => rse));
  // RSEs without a URL for the wanted protocols.
  const others = Object.keys(states).filter((rse) => !shown.has(rse));
  rows.push(
    ...others.sort().map((rse): Cell[] => [size, compactText(rse), null, state(rse), null]),
  );
  return {
    sortKey: `${scope}:${name}`,
    did: { scope, name },
    rows: rows.length > 0 ? rows : [[size, null, null, null, null]],
  };
}

function parseProtocols(text: string): string[] {
  const schemes = text.split(/[\s,]+/).filter((scheme) => scheme !== '');
  for (const scheme of schemes) {
    if (!/^[A-Za-z][A-Za-z0-9+.-]{0,31}$/.test(scheme)) {
      throw new AppError('BAD_ARGUMENT', {
        what: 'protocols has something that is not a URL scheme.',
        next: 'write e.g. root,davs,https',
      });
    }
  }
  return schemes.map((scheme) => scheme.toLowerCase());
}
