import { z } from 'zod';

import { escapeName } from '../../rucio/untrusted-text';
import { atRse } from '../at-rse';
import { defineTool } from '../define';
import { MAX_LIMIT } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import { PROTOCOL_COLUMNS, RANKS, protocolCells } from './protocol-table';

export const getRseProtocols = defineTool({
  name: 'rucio_get_rse_protocols',
  input: z.strictObject({ rse: z.string() }),
  output: z.object({ rse: z.string(), ...tableShape }),
  run: async (input, context) =>
    atRse(context, input.rse, async (rse) => {
      const protocols = await context.rucio.rses.protocols(rse, { signal: context.signal });
      const page = await pageOf(
        protocols,
        (protocol) => ({
          sortKey: `${protocol.scheme} ${protocol.hostname ?? ''} ${protocol.port ?? ''}`,
          rows: [protocolCells(protocol)],
        }),
        { limit: MAX_LIMIT, offset: 0 },
        context,
      );
      const note = page.count > 0 ? RANKS : 'the RSE exists and has no protocol';
      return { rse: escapeName(rse), ...toTable(PROTOCOL_COLUMNS, page, note) };
    }),
});
