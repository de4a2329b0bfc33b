import { z } from 'zod';

import { defineTool } from '../define';
import { limitParam, offsetParam, trimmed } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import { RULE_COLUMNS, ruleItem } from './rule-item';
import { stateOf, stateParam } from './rule-state';

export const listReplicationRules = defineTool({
  name: 'rucio_list_replication_rules',
  input: z.strictObject({
    scope: z.string().default('').describe('* matches anything; default: all'),
    account: z.string().default('').describe('* matches anything; default: all'),
    state: stateParam,
    limit: limitParam(50),
    offset: offsetParam,
  }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const filter = {
      scope: trimmed(input.scope),
      account: trimmed(input.account),
      state: stateOf(input.state),
    };
    const rows = context.rucio.rules.list(filter, { signal: context.signal });
    const page = await pageOf(rows, ruleItem, input, context);
    const notes =
      page.count > 0 ? [] : ['no rule matches; Rucio does not tell whether the names exist'];
    return toTable(RULE_COLUMNS, page, ...notes);
  },
});
