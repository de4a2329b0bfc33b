import pLimit from 'p-limit';

import { type Did, formatDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import type { ToolContext } from '../define';
import { withNearNames } from '../dids/near-names';

/** Calls to Rucio that run at once. */
const MAX_CONCURRENCY = 4;

/** What makes two rules on a DID the same to Rucio. */
export interface RuleKey {
  readonly account: string;
  readonly rseExpression: string;
  readonly copies: number;
}

/**
 * The rules that exist already, by DID.
 *
 * @throws {AppError} DID_NOT_FOUND with names that begin alike
 */
export async function existingRules(
  { rucio, signal }: ToolContext,
  dids: readonly Did[],
  key: RuleKey,
): Promise<ReadonlyMap<string, RuleRow>> {
  const atOnce = pLimit(MAX_CONCURRENCY);
  const find = async (did: Did) => {
    for await (const rule of rucio.dids.rules(did, { signal })) if (isSame(rule, key)) return rule;
    return undefined;
  };
  const found = await Promise.all(
    dids.map((did) =>
      atOnce(async (): Promise<[string, RuleRow][]> => {
        const rule = await withNearNames(rucio, did, signal, find(did));
        return rule === undefined ? [] : [[formatDid(did), rule]];
      }),
    ),
  );
  return new Map(found.flat());
}

function isSame(rule: RuleRow, { account, rseExpression, copies }: RuleKey): boolean {
  return (
    rule.account === account && rule.rse_expression === rseExpression && rule.copies === copies
  );
}
