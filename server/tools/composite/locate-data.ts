import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { RseRow } from '../../rucio/schemas/rses';
import { escapeName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { Int, clampPage, limitParam } from '../params';
import { type Cell, tableShape, toTable } from '../results';
import { rseDirectoryOf } from '../rse-directory';
import { type Census, type Share, censusNotes, takeCensus } from './census';
import { type Coming, findComing } from './coming';
import { NotPermitted, Size, SmallTable, smallTable, unlessEmpty } from './fields';
import { Parts } from './parts';
import { counted, fromBytes, inWords, percentOf } from './sizes';

/** DIDs with more files are not counted one by one. */
const MAX_COUNTED = 20_000;
const MAX_UNUSABLE = 8;

export const locateData = defineTool({
  name: 'rucio_locate_data',
  input: z.strictObject({
    did: z.string(),
    rse_expression: z.string().default('').describe('e.g. site=CERN-PROD or rse_type=DISK'),
    min_percent: Int.default(0).describe('only RSEs with so much of it'),
    limit: limitParam(30),
  }),
  output: z.object({
    did: z.string(),
    type: z.string(),
    files: Size,
    bytes: Size,
    verdict: z.string(),
    ...tableShape,
    coming: SmallTable.optional(),
    not_copies: SmallTable.optional(),
    counters: z.enum(['exact', 'cached']),
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const { rucio, site, signal } = context;
    const status = await withNearNames(rucio, did, signal, rucio.dids.get(did, { signal }));
    const parts = new Parts();
    const expression = input.rse_expression.trim();
    const [census, wanted, rses] = await Promise.all([
      takeCensus(context, { did, status, maxFiles: MAX_COUNTED, parts }),
      expression === '' ? undefined : parts.needed(() => namesOf(expression, context)),
      parts.needed(() => rseDirectoryOf(site).list(context)),
    ]);
    const coming = await findComing(context, { did, census, parts });
    const found = [...census.shares]
      .filter(([rse]) => wanted === undefined || wanted.has(rse))
      .map(([rse, share]) => ({ rse, share, percent: percentOf(share.files, census.files ?? 0) }))
      .filter(({ percent }) => percent >= input.min_percent)
      .sort((a, b) => b.percent - a.percent || (a.rse < b.rse ? -1 : 1));
    const { limit } = clampPage({ limit: input.limit, offset: 0 });
    const items = await Promise.all(
      found.slice(0, limit).map(async (entry) => ({
        sortKey: '',
        rows: [await toRow(entry, { rses, parts, context })],
      })),
    );
    const table = toTable(
      ['rse', 'type', 'site', 'files', 'percent', 'bytes', 'protocols'],
      { items, offset: 0, count: found.length, isWhole: true },
      ...censusNotes(census),
      ...notReadable(found, rses),
      ...coming.notes,
      ...(found.length > limit ? ['RSEs with the least of it are not shown: raise limit'] : []),
    );
    return {
      did: escapeName(formatDid(did)),
      type: compactText(status.type) ?? '',
      files: census.files ?? null,
      bytes: fromBytes(census.bytes),
      verdict: verdictOf({ census, found, rses, expression, minPercent: input.min_percent }),
      ...table,
      next_offset: null,
      ...unlessEmpty('coming', coming.table),
      ...unlessEmpty('not_copies', notCopies(census, coming)),
      counters: census.counters,
      ...parts.notPermitted,
    };
  },
});

interface Found {
  readonly rse: string;
  readonly share: Share;
  readonly percent: number;
}

export async function namesOf(
  expression: string,
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { rse } of rucio.rses.list(expression, { signal })) names.add(rse);
  return names;
}

async function toRow(
  { rse, share, percent }: Found,
  known: {
    readonly rses: ReadonlyMap<string, RseRow>;
    readonly parts: Parts;
    readonly context: ToolContext;
  },
): Promise<Cell[]> {
  const directory = rseDirectoryOf(known.context.site);
  const attributes = await known.parts.existing('attributes', () =>
    directory.attributes(rse, known.context),
  );
  const site = attributes?.['site'];
  return [
    escapeName(rse),
    compactText(known.rses.get(rse)?.rse_type),
    typeof site === 'string' ? compactText(site) : null,
    share.files,
    percent,
    fromBytes(share.bytes),
    [...share.schemes]
      .sort()
      .map((scheme) => escapeName(scheme))
      .join(',') || null,
  ];
}

function notReadable(found: readonly Found[], rses: ReadonlyMap<string, RseRow>): string[] {
  const down = found.filter(({ rse }) => rses.get(rse)?.availability_read === false);
  if (down.length === 0) return [];
  return [`can not be read now: ${down.map(({ rse }) => escapeName(rse)).join(', ')}`];
}

function notCopies(census: Census, coming: Coming): SmallTable {
  const rows = [...census.others]
    .filter(([rse]) => !coming.rses.has(rse))
    .flatMap(([rse, states]) =>
      [...states].map(([state, files]): Cell[] => [escapeName(rse), files, escapeName(state)]),
    )
    .sort((a, b) => Number(b[1]) - Number(a[1]) || (String(a[0]) < String(b[0]) ? -1 : 1));
  return smallTable(['rse', 'files', 'state'], rows, MAX_UNUSABLE);
}

function verdictOf(known: {
  readonly census: Census;
  readonly found: readonly Found[];
  readonly rses: ReadonlyMap<string, RseRow>;
  readonly expression: string;
  readonly minPercent: number;
}): string {
  const { census, found, rses, expression, minPercent } = known;
  if (census.files === 0) return 'It has no files.';
  const where = expression === '' ? '' : ' that match rse_expression';
  const complete = found.filter(({ percent }) => percent === 100).length;
  const sentences = [
    found.length === 0
      ? `No RSE${where} has ${minPercent > 0 ? `${minPercent} % of` : 'any of'} it.`
      : `${complete} of ${counted(found.length, 'RSE')}${where} ${complete === 1 ? 'has' : 'have'} all of it.`,
    ...reach(census, rses),
  ];
  const size = census.bytes === undefined ? '' : ` (${inWords(census.bytes)})`;
  return `${counted(census.files ?? 0, 'file')}${size}. ${sentences.join(' ')}`;
}

/** Over all RSEs: what can be read at once, what only after staging, what nowhere. */
function reach({ counters, patterns, files }: Census, rses: ReadonlyMap<string, RseRow>): string[] {
  if (counters === 'cached' || files === undefined) return [];
  const isOn = (type: string) => (rse: string) => rses.get(rse)?.rse_type?.toUpperCase() === type;
  let copied = 0;
  let tapeOnly = 0;
  for (const [names, count] of patterns) {
    if (names.length === 0) continue;
    copied += count;
    if (names.every(isOn('TAPE'))) tapeOnly += count;
  }
  const missing = Math.max(0, files - copied);
  return [
    ...(tapeOnly > 0 ? [`${counted(tapeOnly, 'file')} only on tape.`] : []),
    missing > 0 ? `${counted(missing, 'file')} without any copy.` : 'Every file has a copy.',
  ];
}
