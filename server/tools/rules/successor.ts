import { z } from 'zod';

import type { RuleRow } from '../../rucio/schemas/rules';
import type { ToolContext } from '../define';

/** What is remembered of a rule that another one may have replaced, to find that one. */
export const RuleFacts = z.object({
  scope: z.string(),
  name: z.string(),
  account: z.string().nullish(),
});
export type RuleFacts = z.output<typeof RuleFacts>;

export function factsOf({ scope, name, account }: RuleRow): RuleFacts {
  return { scope, name, account };
}

/** The newest rule of the same DID and account that fits; `undefined` when there is none. */
export async function findSuccessor(
  { rucio, signal }: ToolContext,
  facts: unknown,
  fits: (rule: RuleRow) => boolean,
): Promise<RuleRow | undefined> {
  const known = RuleFacts.safeParse(facts);
  if (!known.success) return undefined;
  let newest: RuleRow | undefined;
  for await (const rule of rucio.dids.rules(known.data, { signal })) {
    if (rule.account !== known.data.account || !fits(rule)) continue;
    if (newest === undefined || createdOf(rule) > createdOf(newest)) newest = rule;
  }
  return newest;
}

function createdOf({ created_at: created }: RuleRow): number {
  return Date.parse(created ?? '') || 0;
}
