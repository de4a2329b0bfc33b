import { z } from 'zod';

import { escapeName } from '../../rucio/untrusted-text';
import { defineTool } from '../define';
import { accountOf, accountParam, limitParam, offsetParam } from '../params';
import { tableShape } from '../results';
import { patternParam, scopeTable } from './scope-table';

export const listScopesForAccount = defineTool({
  name: 'rucio_list_scopes_for_account',
  input: z.strictObject({
    account: accountParam,
    pattern: patternParam,
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object({ account: z.string(), ...tableShape }),
  run: async (input, context) => {
    const account = accountOf(input.account, context);
    const scopes = await context.rucio.accounts.scopes(account, { signal: context.signal });
    return { account: escapeName(account), ...(await scopeTable(scopes, input, context)) };
  },
});
