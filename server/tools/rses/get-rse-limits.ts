import { z } from 'zod';

import { escapeName } from '../../rucio/untrusted-text';
import { atRse } from '../at-rse';
import { compactNumber } from '../compact';
import { defineTool } from '../define';
import { Cell } from '../results';

export const getRseLimits = defineTool({
  name: 'rucio_get_rse_limits',
  input: z.strictObject({ rse: z.string() }),
  output: z.object({
    rse: z.string(),
    limits: z.record(z.string(), Cell),
    note: z.string().optional(),
  }),
  run: async (input, context) =>
    atRse(context, input.rse, async (rse) => {
      const found = await context.rucio.rses.limits(rse, { signal: context.signal });
      const entries = Object.entries(found)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]): [string, Cell] => [escapeName(key), compactNumber(value)]);
      return {
        rse: escapeName(rse),
        limits: Object.fromEntries(entries),
        ...(entries.length === 0 ? { note: 'the RSE exists and has no limits' } : {}),
      };
    }),
});
