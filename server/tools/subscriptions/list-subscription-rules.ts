import { z } from 'zod';

import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import { RULE_COLUMNS, ruleItem } from '../rules/rule-item';

export const listSubscriptionRules = defineTool({
  name: 'rucio_list_subscription_rules',
  input: z.strictObject({
    account: z.string().describe('who owns the subscription'),
    name: z.string(),
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const { account, name } = input;
    const { rucio, signal } = context;
    const rows = rucio.subscriptions.rules(account.trim(), name.trim(), undefined, { signal });
    const page = await pageOf(rows, ruleItem, input, context);
    const notes = page.count > 0 ? [] : ['the subscription exists and has made no rule'];
    return toTable(RULE_COLUMNS, page, ...notes);
  },
});
