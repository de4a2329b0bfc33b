import { z } from 'zod';

import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { tableShape } from '../results';
import { patternParam, scopeTable } from './scope-table';

export const listScopes = defineTool({
  name: 'rucio_list_scopes',
  input: z.strictObject({ pattern: patternParam, limit: limitParam(100), offset: offsetParam }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const scopes = await context.rucio.scopes.list({ signal: context.signal });
    return scopeTable(scopes, input, context);
  },
});
