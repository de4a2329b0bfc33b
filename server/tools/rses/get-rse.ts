import { z } from 'zod';

import type { Rse } from '../../rucio/schemas/rses';
import { atRse } from '../at-rse';
import { compactText } from '../compact';
import { SmallTable, smallTable } from '../composite/fields';
import { defineTool } from '../define';
import { PROTOCOL_COLUMNS, protocolCells } from './protocol-table';

const Text = z.string().nullable();
const Flag = z.boolean().nullable();
const MAX_PROTOCOLS = 50;

export const getRse = defineTool({
  name: 'rucio_get_rse',
  input: z.strictObject({ rse: z.string() }),
  output: z.object({
    rse: z.string(),
    type: Text,
    readable: Flag,
    writable: Flag,
    deletable: Flag,
    deterministic: Flag,
    volatile: Flag,
    staging_area: Flag,
    naming: Text,
    qos_class: Text,
    sign_url: Text,
    verify_checksum: Flag,
    protocols: SmallTable,
  }),
  run: async (input, context) =>
    atRse(context, input.rse, async (rse) =>
      describe(await context.rucio.rses.get(rse, { signal: context.signal })),
    ),
});

function describe(rse: Rse) {
  const protocols = (rse.protocols ?? []).map(protocolCells);
  return {
    rse: compactText(rse.rse) ?? '',
    type: compactText(rse.rse_type),
    readable: rse.availability_read ?? null,
    writable: rse.availability_write ?? null,
    deletable: rse.availability_delete ?? null,
    deterministic: rse.deterministic ?? null,
    volatile: rse.volatile ?? null,
    staging_area: rse.staging_area ?? null,
    naming: compactText(rse.lfn2pfn_algorithm),
    qos_class: compactText(rse.qos_class),
    sign_url: compactText(rse.sign_url),
    verify_checksum: rse.verify_checksum ?? null,
    protocols: smallTable(PROTOCOL_COLUMNS, protocols, MAX_PROTOCOLS),
  };
}
