import { z } from 'zod';

import { compactDate, compactText } from '../compact';
import { defineTool } from '../define';
import { accountOf, accountParam } from '../params';

const Text = z.string().nullable();

export const getAccount = defineTool({
  name: 'rucio_get_account',
  input: z.strictObject({ account: accountParam }),
  output: z.object({
    account: z.string(),
    type: Text,
    status: Text,
    email: Text,
    created_at: Text,
    updated_at: Text,
    suspended_at: Text.optional(),
    deleted_at: Text.optional(),
  }),
  run: async (input, context) => {
    const account = accountOf(input.account, context);
    const found = await context.rucio.accounts.get(account, { signal: context.signal });
    const suspended = compactDate(found.suspended_at);
    const deleted = compactDate(found.deleted_at);
    return {
      account: compactText(found.account) ?? '',
      type: compactText(found.account_type),
      status: compactText(found.status),
      email: compactText(found.email),
      created_at: compactDate(found.created_at),
      updated_at: compactDate(found.updated_at),
      ...(suspended === null ? {} : { suspended_at: suspended }),
      ...(deleted === null ? {} : { deleted_at: deleted }),
    };
  },
});
