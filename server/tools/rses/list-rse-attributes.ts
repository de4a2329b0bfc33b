import { z } from 'zod';

import { escapeName } from '../../rucio/untrusted-text';
import { atRse } from '../at-rse';
import { compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { Cell } from '../results';

export const listRseAttributes = defineTool({
  name: 'rucio_list_rse_attributes',
  input: z.strictObject({ rse: z.string() }),
  output: z.object({ rse: z.string(), attributes: z.record(z.string(), Cell) }),
  run: async (input, context) =>
    atRse(context, input.rse, async (rse) => {
      const found = await context.rucio.rses.attributes(rse, { signal: context.signal });
      const entries = Object.entries(found)
        // Every RSE has its own name as an attribute.
        .filter(([key]) => key !== rse)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]): [string, Cell] => [escapeName(key), toCell(value)]);
      return { rse: escapeName(rse), attributes: Object.fromEntries(entries) };
    }),
});

function toCell(value: Cell): Cell {
  if (typeof value === 'string') return compactText(value);
  return typeof value === 'number' ? compactNumber(value) : value;
}
