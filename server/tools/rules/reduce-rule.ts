import { z } from 'zod';

import { AppError } from '../../errors';
import type { RuleRow } from '../../rucio/schemas/rules';
import { quoteName } from '../../rucio/untrusted-text';
import { givenConsent } from '../consent';
import { type ToolContext, defineTool } from '../define';
import { Int, trimmed } from '../params';
import { parseRuleId } from '../rule-id';
import {
  audited,
  changeShape,
  confirmParam,
  findRule,
  proposed,
  repeated,
  requireRule,
  ruleInWords,
  subjectOf,
} from './change';
import { factsOf, findSuccessor } from './successor';

const TOOL = 'rucio_reduce_rule';

export const reduceRule = defineTool({
  name: TOOL,
  input: z.strictObject({
    rule_id: z.string(),
    copies: Int.describe('fewer than now'),
    exclude_expression: z.string().default('').describe('RSEs that lose their copy'),
    confirm: confirmParam,
  }),
  output: z.object({ ...changeShape, rule_id: z.string(), new_rule_id: z.string().optional() }),
  run: async (input, context) => {
    const id = parseRuleId(input.rule_id);
    const { copies } = input;
    const exclude = trimmed(input.exclude_expression);
    const question = { tool: TOOL, args: { id, copies, exclude }, confirm: input.confirm };
    const consent = await givenConsent(context, question);
    const rule =
      consent === undefined ? await requireRule(context, id) : await findRule(context, id);
    if (rule === undefined) return before(context, id, { copies, consent });
    assertReducible(rule, copies);
    if (consent === undefined) {
      const proposal = { effect: effectOf(rule, copies, exclude), facts: factsOf(rule) };
      return { ...(await proposed(context, question, proposal)), rule_id: id };
    }
    const subject = subjectOf(TOOL, id, rule);
    const made = await audited(context, subject, async () => {
      const { rucio, signal } = context;
      return { rules: [await rucio.rules.reduce(id, copies, exclude, { signal })] };
    });
    return {
      changed: true,
      effect: `Rucio has replaced the rule by a new one with ${copies} copies; the old one is gone.`,
      rule_id: id,
      new_rule_id: made.rules[0] ?? '',
    };
  },
});

/** The rule is gone: an earlier call with the same token has reduced it, or somebody deleted it. */
async function before(
  context: ToolContext,
  id: string,
  { copies, consent }: { readonly copies: number; readonly consent: unknown },
) {
  const successor = await findSuccessor(context, consent, (rule) => rule.copies === copies);
  if (successor === undefined) {
    throw new AppError('RULE_NOT_FOUND', {
      what: `The rule ${id} is gone, and no rule of its DID has ${copies} copies. Nothing was changed.`,
      next: 'look at the rules that there are with rucio_list_did_rules',
    });
  }
  const effect = 'The rule was replaced before; nothing was changed.';
  return {
    ...repeated(context, subjectOf(TOOL, id, successor), effect),
    rule_id: id,
    new_rule_id: successor.id,
  };
}

/** @throws {AppError} BAD_ARGUMENT for what Rucio would refuse without saying why */
function assertReducible(rule: RuleRow, copies: number): void {
  const now = rule.copies ?? 1;
  const problem =
    copies < 1 || copies >= now
      ? `it has ${now} copies, and ${copies} was asked for`
      : rule.state !== 'OK'
        ? `its state is ${quoteName(rule.state)}, and only a rule that is OK can be reduced`
        : undefined;
  if (problem === undefined) return;
  throw new AppError('BAD_ARGUMENT', {
    what: `The rule can not be reduced: ${problem}. Nothing was changed.`,
    next: now > 1 ? 'wait until it is OK, and ask for fewer copies' : 'use rucio_delete_rule',
  });
}

function effectOf(rule: RuleRow, copies: number, exclude: string | undefined): string {
  const where =
    exclude === undefined
      ? 'Rucio chooses which copies lose their protection.'
      : `Copies at ${quoteName(exclude)} lose their protection.`;
  return `Replaces ${ruleInWords(rule)} by a new rule with ${copies} copies. ${where}`;
}
