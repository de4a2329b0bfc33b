import { z } from 'zod';

import { compactText } from '../compact';
import { defineTool } from '../define';

export const ping = defineTool({
  name: 'rucio_ping',
  input: z.strictObject({}),
  output: z.object({ site: z.string(), server_version: z.string().nullable() }),
  run: async (_input, { rucio, site, signal }) => {
    const { version } = await rucio.meta.ping({ signal });
    return { site: site.name, server_version: compactText(version) };
  },
});
