import { z } from 'zod';

import { AppError } from '../../errors';
import { type Did, formatDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactText } from '../compact';
import { fromBytes } from '../composite/sizes';
import { askConsent, givenConsent } from '../consent';
import { type ToolContext, defineTool } from '../define';
import { trimmed } from '../params';
import { Cell } from '../results';
import { audited, changeShape, repeated } from './change';
import { existingRules } from './existing-rules';
import { NewRuleInput, type WantedRule, wantedRule } from './new-rule';
import { explainRefusal } from './new-rule-errors';
import { type Stakes, effectOf, stakesOf } from './new-rule-stakes';

const TOOL = 'rucio_add_rule';
/** DIDs whose rules are read after the change. */
const MAX_READ_BACK = 10;
const COLUMNS = ['did', 'rule_id', 'state', 'expires_at', 'new'];

export const addRule = defineTool({
  name: TOOL,
  input: NewRuleInput,
  output: z.object({
    ...changeShape,
    columns: z.array(z.string()),
    rows: z.array(z.array(Cell)),
  }),
  run: async (input, context) => {
    const rule = await wantedRule(input, context);
    const { plan: _plan, confirm, ...args } = { ...input, ...keyOf(rule) };
    const question = { tool: TOOL, args, confirm };
    const consent = await givenConsent(context, question);
    const known = await existingRules(context, rule.dids, rule);
    const missing = rule.dids.filter((did) => !known.has(formatDid(did)));
    if (missing.length === 0) {
      const effect = 'The account has these rules already; nothing was changed.';
      const rules = [...known.values()].map(({ id }) => id);
      const answer = repeated(context, { tool: TOOL, rules, dids: shownDids(rule) }, effect);
      return { ...answer, columns: COLUMNS, rows: rowsOf(rule, known, new Set()) };
    }
    const stakes = await stakesOf(context, rule, missing);
    if (consent === undefined && mustAsk(input.plan, stakes, context)) {
      const effect = effectOf(rule, missing, stakes);
      const token = await askConsent(context, question, { effect });
      const next = 'ask the user; if they agree, make the same call with confirm';
      const rows = rowsOf(rule, known, new Set());
      return { changed: false, effect, confirm: token, next, columns: COLUMNS, rows };
    }
    return add(context, rule, { missing, stakes });
  },
});

/**
 * A plan has told what would happen, and so is the first of the two calls of a client that can not
 * ask its user.
 */
function mustAsk(plan: string, { reasons }: Stakes, { consent }: ToolContext): boolean {
  return reasons.length > 0 && (trimmed(plan) === undefined || consent.canAsk);
}

async function add(
  context: ToolContext,
  rule: WantedRule,
  { missing, stakes }: { readonly missing: readonly Did[]; readonly stakes: Stakes },
) {
  const subject = {
    tool: TOOL,
    rules: [],
    dids: missing.map((did) => escapeName(formatDid(did))),
    bytes: fromBytes(stakes.bytes),
  } as const;
  const { made, rules } = await audited(context, subject, async () => {
    const made = await make(context, rule, missing).catch(async (error: unknown) => {
      throw await explainRefusal(error, context, rule, stakes);
    });
    return { made, rules: [...made.values()] };
  });
  const after = await readBack(context, rule, made);
  return {
    changed: made.size > 0,
    effect: effectAfter(rule, made.size),
    columns: COLUMNS,
    rows: rowsOf(rule, after, new Set(rules)),
    next: 'rucio_wait_for_rule(rule_id)',
  };
}

/** What is shown of a rule. */
type Shown = Pick<RuleRow, 'id' | 'expires_at'> & { readonly state: string | undefined };

/**
 * Makes the rules. Rucio makes all or none; when another call was faster for some, the rest is made.
 *
 * @returns the ids of the new rules, by DID
 */
async function make(
  context: ToolContext,
  rule: WantedRule,
  missing: readonly Did[],
): Promise<ReadonlyMap<string, string>> {
  try {
    return await post(context, rule, missing);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DUPLICATE') throw error;
    const known = await existingRules(context, missing, rule);
    const left = missing.filter((did) => !known.has(formatDid(did)));
    if (left.length === missing.length) throw error;
    return left.length === 0 ? new Map() : post(context, rule, left);
  }
}

async function post(
  { rucio, signal }: ToolContext,
  rule: WantedRule,
  dids: readonly Did[],
): Promise<ReadonlyMap<string, string>> {
  const ids = await rucio.rules.add({ ...rule, dids }, { signal });
  // One a DID, in their order.
  return new Map(dids.map((did, index) => [formatDid(did), ids[index] ?? '']));
}

/** The rules as Rucio has them now; the change is made, whether or not they can be read. */
async function readBack(
  context: ToolContext,
  rule: WantedRule,
  made: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Shown>> {
  const rules = new Map<string, Shown>();
  for (const [did, id] of made) rules.set(did, { id, state: undefined, expires_at: undefined });
  try {
    const read = rule.dids.slice(0, MAX_READ_BACK);
    for (const [did, found] of await existingRules(context, read, rule)) rules.set(did, found);
  } catch {
    // Their ids are known.
  }
  return rules;
}

function effectAfter({ askApproval, asynchronous }: WantedRule, made: number): string {
  if (made === 0) return 'The account got these rules by another call meanwhile.';
  if (askApproval === true) return 'Asked for: an administrator has to approve it first.';
  if (asynchronous === true) return 'Made: Rucio creates its locks soon.';
  return 'Made: Rucio transfers what is missing.';
}

function keyOf({ dids, copies, rseExpression, account, lifetime }: WantedRule) {
  return {
    dids: dids.map(formatDid).sort().join(' '),
    copies,
    rse_expression: rseExpression,
    account,
    lifetime: lifetime ?? 0,
  };
}

function shownDids({ dids }: WantedRule): string[] {
  return dids.map((did) => escapeName(formatDid(did)));
}

function rowsOf(
  { dids }: WantedRule,
  known: ReadonlyMap<string, Shown>,
  isNew: ReadonlySet<string>,
): Cell[][] {
  return dids.map((did): Cell[] => {
    const rule = known.get(formatDid(did));
    return [
      escapeName(formatDid(did)),
      compactText(rule?.id),
      compactText(rule?.state),
      compactDate(rule?.expires_at),
      rule === undefined ? null : isNew.has(rule.id),
    ];
  });
}
