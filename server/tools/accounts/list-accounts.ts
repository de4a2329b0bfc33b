import { z } from 'zod';

import { compactText } from '../compact';
import { defineTool } from '../define';
import { limitParam, offsetParam, trimmed } from '../params';
import { pageOf, tableShape, toTable } from '../results';

export const listAccounts = defineTool({
  name: 'rucio_list_accounts',
  input: z.strictObject({
    account_type: z.enum(['', 'USER', 'GROUP', 'SERVICE']).default(''),
    identity: z.string().default('').describe('who signs in: a user name or DN'),
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const query = {
      type: input.account_type === '' ? undefined : input.account_type,
      identity: trimmed(input.identity),
    };
    const page = await pageOf(
      context.rucio.accounts.list(query, { signal: context.signal }),
      ({ account, type, email }) => ({
        sortKey: account,
        rows: [[compactText(account), compactText(type), compactText(email)]],
      }),
      input,
      context,
    );
    return toTable(['account', 'type', 'email'], page);
  },
});
