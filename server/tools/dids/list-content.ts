import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { ContentRow } from '../../rucio/schemas/dids';
import { escapeName } from '../../rucio/untrusted-text';
import { compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';
import { withNearNames } from './near-names';

export const listContent = defineTool({
  name: 'rucio_list_content',
  input: z.strictObject({ did: z.string(), limit: limitParam(50), offset: offsetParam }),
  output: z.object({ of: z.string(), ...tableShape }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const did = parseDid(input.did);
    const reading = pageOf(rucio.dids.content(did, { signal }), toItem, input, context);
    const page = await withNearNames(rucio, did, signal, reading);
    const notes =
      page.count > 0
        ? []
        : ['the DID exists and has nothing in it: a file, or an empty collection'];
    return {
      of: escapeName(formatDid(did)),
      ...toTable(['did', 'type', 'bytes'], page, ...notes),
    };
  },
});

function toItem({ scope, name, type, bytes }: ContentRow): Item {
  return {
    sortKey: `${scope}:${name}`,
    did: { scope, name },
    rows: [[compactText(type), compactNumber(bytes)]],
  };
}
