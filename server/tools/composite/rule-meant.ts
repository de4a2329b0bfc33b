import { AppError } from '../../errors';
import { parseDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { quoteName } from '../../rucio/untrusted-text';
import { compactDate } from '../compact';
import type { ToolContext } from '../define';
import { withNearNames } from '../dids/near-names';
import { parseRuleId } from '../rule-id';

/** Most rules of one DID that are looked at. */
const MAX_RULES = 1000;
/** States of a rule that waits for something, those that need help first. */
const WAITING = ['STUCK', 'REPLICATING', 'WAITING_APPROVAL', 'INJECT', 'SUSPENDED'];

/** The argument of tools that speak of one rule. */
export const RULE_MEANT = 'id, or a DID: its rule that waits';

/**
 * The rule that a caller means: by its id, or by the DID that it is on. Of several on a DID the
 * caller's own come first, then those that wait, then the newest.
 *
 * @throws {AppError} BAD_RULE_ID, RULE_NOT_FOUND, DID_NOT_FOUND
 */
export async function ruleMeant(text: string, context: ToolContext): Promise<RuleRow> {
  const { rucio, account, signal } = context;
  if (!text.includes(':')) return rucio.rules.get(parseRuleId(text), { signal });
  const did = parseDid(text, 'rule_id');
  const reading = rulesOf(rucio.dids.rules(did, { signal }));
  const rules = await withNearNames(rucio, did, signal, reading);
  const [first] = rules.sort(
    (a, b) =>
      Number(b.account === account) - Number(a.account === account) ||
      urgency(a) - urgency(b) ||
      (compactDate(b.created_at) ?? '').localeCompare(compactDate(a.created_at) ?? '', 'en') ||
      (a.id < b.id ? -1 : 1),
  );
  if (first !== undefined) return first;
  throw new AppError('RULE_NOT_FOUND', {
    what: `${quoteName(text)} has no rule of its own.`,
    next: 'rucio_list_did_rules with covering=true tells the rules of what contains it',
  });
}

async function rulesOf(rows: AsyncIterable<RuleRow>): Promise<RuleRow[]> {
  const rules: RuleRow[] = [];
  for await (const rule of rows) if (rules.push(rule) === MAX_RULES) break;
  return rules;
}

function urgency({ state }: RuleRow): number {
  const index = WAITING.indexOf(state);
  return index === -1 ? WAITING.length : index;
}
