import { z } from 'zod';

import { AppError } from '../../errors';
import type { RuleRow } from '../../rucio/schemas/rules';
import { quoteName } from '../../rucio/untrusted-text';
import { givenConsent } from '../consent';
import { type ToolContext, defineTool } from '../define';
import { trimmed } from '../params';
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

const TOOL = 'rucio_move_rule';
const NEXT = 'rucio_wait_for_rule(new_rule_id)';

export const moveRule = defineTool({
  name: TOOL,
  input: z.strictObject({
    rule_id: z.string(),
    rse_expression: z.string().describe('where its data shall be'),
    confirm: confirmParam,
  }),
  output: z.object({ ...changeShape, rule_id: z.string(), new_rule_id: z.string().optional() }),
  run: async (input, context) => {
    const id = parseRuleId(input.rule_id);
    const expression = requireExpression(input.rse_expression);
    const question = { tool: TOOL, args: { id, expression }, confirm: input.confirm };
    const consent = await givenConsent(context, question);
    const rule =
      consent === undefined ? await requireRule(context, id) : await findRule(context, id);
    const moved = await movedBefore(context, { rule, expression, consent });
    if (moved !== undefined) {
      const effect = 'The rule was moved there before; nothing was changed.';
      const answer = repeated(context, subjectOf(TOOL, id, moved), effect);
      return { ...answer, rule_id: id, new_rule_id: moved.id, next: NEXT };
    }
    if (rule === undefined) throw gone(id);
    assertMovable(rule, expression);
    if (consent === undefined) {
      const effect =
        `Moves ${ruleInWords(rule)} to ${quoteName(expression)}. Rucio makes a new rule there; ` +
        'the old one stays until the new one is OK, and then it goes.';
      const proposal = { effect, facts: factsOf(rule) };
      return { ...(await proposed(context, question, proposal)), rule_id: id };
    }
    const made = await audited(context, subjectOf(TOOL, id, rule), async () => {
      const { rucio, signal } = context;
      return { rules: [await rucio.rules.move(id, expression, { signal })] };
    });
    return {
      changed: true,
      effect: 'Rucio has made a new rule; the old one goes when the new one is OK.',
      rule_id: id,
      new_rule_id: made.rules[0] ?? '',
      next: NEXT,
    };
  },
});

function requireExpression(text: string): string {
  const expression = trimmed(text);
  if (expression !== undefined) return expression;
  throw new AppError('BAD_ARGUMENT', {
    what: 'rse_expression is empty.',
    next: 'say where: an RSE, or e.g. tier=2&rse_type=DISK',
  });
}

interface Move {
  readonly rule: RuleRow | undefined;
  readonly expression: string;
  readonly consent: unknown;
}

/** The rule that an earlier, equal call has made. */
async function movedBefore(
  context: ToolContext,
  { rule, expression, consent }: Move,
): Promise<RuleRow | undefined> {
  const isThere = (other: RuleRow) => other.rse_expression === expression;
  if (rule === undefined) return findSuccessor(context, consent, isThere);
  const child = rule.child_rule_id ?? '';
  const successor = child === '' ? undefined : await findRule(context, child);
  return successor !== undefined && isThere(successor) ? successor : undefined;
}

/** @throws {AppError} BAD_ARGUMENT for what Rucio would refuse without saying why */
function assertMovable(rule: RuleRow, expression: string): void {
  const child = rule.child_rule_id ?? '';
  const problem =
    rule.rse_expression === expression
      ? 'it is there already'
      : child === ''
        ? undefined
        : `it is being moved: rule ${child} takes its place`;
  if (problem === undefined) return;
  throw new AppError('BAD_ARGUMENT', {
    what: `The rule can not be moved to ${quoteName(expression)}: ${problem}. Nothing was changed.`,
    next: child === '' ? 'name other RSEs' : 'look at the rule that takes its place',
  });
}

function gone(id: string): AppError {
  return new AppError('RULE_NOT_FOUND', {
    what: `The rule ${id} is gone, and no rule of its DID is at the new place. Nothing was changed.`,
    next: 'look at the rules that there are with rucio_list_did_rules',
  });
}
