import { z } from 'zod';

import type { ByteCount } from '../../rucio/schemas/numbers';
import { escapeName } from '../../rucio/untrusted-text';
import { compactNumber } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { MAX_LIMIT, accountOf, accountParam, trimmed } from '../params';
import { pageOf, tableShape, toTable } from '../results';

export const getLocalAccountLimits = defineTool({
  name: 'rucio_get_local_account_limits',
  input: z.strictObject({
    account: accountParam,
    rse_expression: z.string().default('').describe('default: all'),
  }),
  output: z.object({ account: z.string(), ...tableShape }),
  run: async (input, context) => {
    const account = accountOf(input.account, context);
    const expression = trimmed(input.rse_expression);
    const { rucio, signal } = context;
    const [limits, names] = await Promise.all([
      rucio.accounts.localLimits(account, undefined, { signal }),
      expression === undefined ? undefined : namesOf(expression, context),
    ]);
    // An old Rucio says the same of an account that it does not know.
    if (Object.keys(limits).length === 0) await rucio.accounts.get(account, { signal });
    const entries = Object.entries(limits).filter(([rse]) => names?.has(rse) ?? true);
    const page = await pageOf(
      entries,
      ([rse, limit]) => ({ sortKey: rse, rows: [[escapeName(rse), limitCell(limit)]] }),
      { limit: MAX_LIMIT, offset: 0 },
      context,
    );
    return {
      account: escapeName(account),
      ...toTable(['rse', 'limit'], page, ...notes(names, entries.length)),
    };
  },
});

function limitCell(limit: ByteCount | null): number | string | null {
  // Rucio writes -1 for "no limit" in some places.
  return limit === -1 ? 'unlimited' : compactNumber(limit);
}

async function namesOf(
  expression: string,
  { rucio, signal }: ToolContext,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { rse } of rucio.rses.list(expression, { signal })) names.add(rse);
  return names;
}

function notes(names: ReadonlySet<string> | undefined, withLimit: number): string[] {
  if (names === undefined) return withLimit === 0 ? ['no limit is set at any RSE'] : [];
  const without = names.size - withLimit;
  return without > 0 ? [`no limit is set at ${without} more RSEs that match`] : [];
}
