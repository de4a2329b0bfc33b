import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactNumber } from '../compact';
import { defineTool } from '../define';
import { MAX_ANSWER_TOKENS } from '../results';
import { estimateTokens } from '../token-estimate';
import { withNearNames } from './near-names';

/** Rucio's dates in metadata are RFC 1123 with `UTC` at their end. */
const RUCIO_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d UTC$/;
/** What the metadata may take of an answer, in tokens. */
const MAX_TOKENS = 0.9 * MAX_ANSWER_TOKENS;
/** Deepest nesting of a user's own metadata that is shown. */
const MAX_DEPTH = 5;

export const getMetadata = defineTool({
  name: 'rucio_get_metadata',
  input: z.strictObject({
    did: z.string(),
    plugin: z
      .enum(['DID_COLUMN', 'JSON', 'ALL'])
      .default('DID_COLUMN')
      .describe("JSON: users' own keys; ALL: both"),
  }),
  output: z.object({
    did: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    note: z.string().optional(),
  }),
  run: async (input, { rucio, signal }) => {
    const did = parseDid(input.did);
    const asking = rucio.dids.meta(did, input.plugin, { signal });
    const found = await withNearNames(rucio, did, signal, asking);
    const metadata: Record<string, unknown> = {};
    let room = MAX_TOKENS;
    let left = 0;
    for (const key of Object.keys(found).sort()) {
      const value = compact(found[key], MAX_DEPTH);
      // Most columns are empty for most DIDs.
      if (value === null || key === 'scope' || key === 'name') continue;
      const size = estimateTokens(JSON.stringify([key, value]));
      if (size > room) left += 1;
      else {
        metadata[escapeName(key)] = value;
        room -= size;
      }
    }
    const isEmpty = Object.keys(metadata).length === 0;
    return {
      did: escapeName(formatDid(did)),
      metadata,
      ...(left > 0 ? { note: `${left} keys do not fit into one answer and are left out` } : {}),
      ...(isEmpty && left === 0
        ? { note: 'the DID exists and this plugin has nothing on it' }
        : {}),
    };
  },
});

function compact(value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return compactNumber(value);
  if (typeof value === 'string') {
    return RUCIO_DATE.test(value) ? compactDate(value) : escapeName(value);
  }
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => compact(item, depth - 1));
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    escapeName(key),
    compact(inner, depth - 1),
  ]);
  return Object.fromEntries(entries);
}
