import { z } from 'zod';

import { AppError } from '../../errors';
import type { RseDistances } from '../../rucio/schemas/rses';
import { escapeName } from '../../rucio/untrusted-text';
import { rseName } from '../at-rse';
import { compactDate, compactNumber } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { rseDirectoryOf } from '../rse-directory';

export const getDistance = defineTool({
  name: 'rucio_get_distance',
  input: z.strictObject({ source: z.string(), destination: z.string() }),
  output: z.object({
    source: z.string(),
    destination: z.string(),
    distance: z.union([z.number(), z.string()]).nullable(),
    updated_at: z.string().nullable(),
    note: z.string().optional(),
  }),
  run: async (input, context) => {
    const wanted: Pair = [
      rseName(input.source, 'source'),
      rseName(input.destination, 'destination'),
    ];
    const [[source, destination], [found]] = await distanceOf(wanted, context);
    return {
      source: escapeName(source),
      destination: escapeName(destination),
      distance: compactNumber(found?.distance ?? found?.ranking),
      updated_at: compactDate(found?.updated_at),
      ...(found === undefined
        ? { note: 'none is set: Rucio does not transfer directly from the one to the other' }
        : {}),
    };
  },
});

type Pair = readonly [source: string, destination: string];

/** Where Rucio does not know one of the two, both are looked up in any case of their letters. */
async function distanceOf(wanted: Pair, context: ToolContext): Promise<[Pair, RseDistances]> {
  const { rucio, signal, site } = context;
  try {
    return [wanted, await rucio.rses.distance(...wanted, { signal })];
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'RSE_NOT_FOUND') throw error;
    const directory = rseDirectoryOf(site);
    const { rse: source } = await directory.resolve(wanted[0], context);
    const { rse: destination } = await directory.resolve(wanted[1], context);
    if (source === wanted[0] && destination === wanted[1]) throw error;
    return [[source, destination], await rucio.rses.distance(source, destination, { signal })];
  }
}
