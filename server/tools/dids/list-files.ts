import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { FileRow } from '../../rucio/schemas/dids';
import { escapeName } from '../../rucio/untrusted-text';
import { compactNumber, compactText } from '../compact';
import { fromBytes, toBytes } from '../composite/sizes';
import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { type Item, MAX_READ, pageOf, tableShape, toTable } from '../results';
import { withNearNames } from './near-names';

export const listFiles = defineTool({
  name: 'rucio_list_files',
  input: z.strictObject({
    did: z.string(),
    long: z.boolean().default(false).describe('also checksum, GUID, events, luminosity block'),
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object({
    of: z.string(),
    ...tableShape,
    total_bytes: z.union([z.number(), z.string()]).optional(),
  }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const { long } = input;
    const did = parseDid(input.did);
    let bytes = 0n;
    let repeated = 0;
    const seen = new Set<string>();
    const toItem = (row: FileRow): Item => {
      const item = long ? toLongItem(row) : toShortItem(row);
      if (seen.has(item.sortKey)) repeated += 1;
      else bytes += toBytes(row.bytes) ?? 0n;
      // A longer list has no sum.
      if (seen.size < MAX_READ) seen.add(item.sortKey);
      return item;
    };
    const reading = pageOf(rucio.dids.files(did, { long }, { signal }), toItem, input, context);
    const page = await withNearNames(rucio, did, signal, reading);
    const columns = ['did', 'bytes', ...(long ? ['adler32', 'guid', 'events', 'lumiblock'] : [])];
    const total = fromBytes(bytes);
    // The sum of a part would be taken for that of the whole.
    const isSummed = page.hasMore !== true && page.count <= MAX_READ && total !== null;
    const notes = [
      ...(page.count > 0 ? [] : ['the DID exists and has no files']),
      ...(repeated > 0
        ? [
            isSummed
              ? `rows that repeat a file of several datasets: ${repeated}; total_bytes has each file once`
              : 'files of several datasets are repeated',
          ]
        : []),
    ];
    return {
      of: escapeName(formatDid(did)),
      ...toTable(columns, page, ...notes),
      ...(isSummed ? { total_bytes: total } : {}),
    };
  },
});

function toShortItem({ scope, name, bytes }: FileRow): Item {
  return { sortKey: `${scope}:${name}`, did: { scope, name }, rows: [[compactNumber(bytes)]] };
}

function toLongItem(row: FileRow): Item {
  const { scope, name, bytes, adler32, guid, events, lumiblocknr } = row;
  return {
    sortKey: `${scope}:${name}`,
    did: { scope, name },
    rows: [
      [
        compactNumber(bytes),
        compactText(adler32),
        compactText(guid),
        compactNumber(events),
        compactNumber(lumiblocknr),
      ],
    ],
  };
}
