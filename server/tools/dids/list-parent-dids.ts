import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { ParentRow } from '../../rucio/schemas/dids';
import { escapeName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';
import { ensureDid } from './ensure-did';

export const listParentDids = defineTool({
  name: 'rucio_list_parent_dids',
  input: z.strictObject({ did: z.string(), limit: limitParam(50), offset: offsetParam }),
  output: z.object({ of: z.string(), ...tableShape }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const rows = context.rucio.dids.parents(did, { signal: context.signal });
    const page = await pageOf(rows, toItem, input, context);
    if (page.count === 0) await ensureDid(context, did);
    const notes = page.count > 0 ? [] : ['the DID exists and is in no dataset or container'];
    return { of: escapeName(formatDid(did)), ...toTable(['did', 'type'], page, ...notes) };
  },
});

function toItem({ scope, name, type }: ParentRow): Item {
  return { sortKey: `${scope}:${name}`, did: { scope, name }, rows: [[compactText(type)]] };
}
