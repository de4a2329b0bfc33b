import { z } from 'zod';

import type { RuleRow } from '../../rucio/schemas/rules';
import { compactDate } from '../compact';
import { givenConsent } from '../consent';
import { type ToolContext, defineTool } from '../define';
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

const TOOL = 'rucio_delete_rule';
/** Rucio lets a deleted rule live for an hour. In milliseconds. */
const GRACE_MS = 3_600_000;

export const deleteRule = defineTool({
  name: TOOL,
  input: z.strictObject({
    rule_id: z.string(),
    purge_replicas: z.boolean().default(false).describe('remove the files at once then'),
    confirm: confirmParam,
  }),
  output: z.object({ ...changeShape, rule_id: z.string(), expires_at: z.string().nullable() }),
  run: async (input, context) => {
    const id = parseRuleId(input.rule_id);
    const purge = input.purge_replicas;
    const question = { tool: TOOL, args: { id, purge }, confirm: input.confirm };
    const consent = await givenConsent(context, question);
    const rule =
      consent === undefined ? await requireRule(context, id) : await findRule(context, id);
    const subject = subjectOf(TOOL, id, rule);
    if (rule === undefined) {
      const effect = 'The rule is gone already.';
      return { ...repeated(context, subject, effect), rule_id: id, expires_at: null };
    }
    if (isGoing(rule, purge)) {
      const effect = `It was deleted before and expires ${whenOf(rule)}; nothing was changed.`;
      return { ...repeated(context, subject, effect), ...shown(rule) };
    }
    if (consent === undefined) {
      const answer = await proposed(context, question, { effect: effectOf(rule, purge) });
      return { ...answer, ...shown(rule) };
    }
    await audited(context, subject, async () => {
      await context.rucio.rules.delete(id, purge, { signal: context.signal });
      return {};
    });
    const after = (await findAfter(context, id)) ?? rule;
    return {
      changed: true,
      effect:
        `The rule is scheduled for deletion: it expires ${whenOf(after)}. ` +
        'Until then rucio_update_rule with a lifetime keeps it.',
      ...shown(after),
    };
  },
});

/** The deletion is done, whether or not the rule can be read now. */
async function findAfter(context: ToolContext, id: string): Promise<RuleRow | undefined> {
  return findRule(context, id).catch(() => undefined);
}

function isGoing(
  { expires_at: expires, purge_replicas: purges }: RuleRow,
  purge: boolean,
): boolean {
  const left = Date.parse(expires ?? '') - Date.now();
  return left <= GRACE_MS && (!purge || purges === true);
}

function effectOf(rule: RuleRow, purge: boolean): string {
  const files = purge
    ? 'Then its files are removed as soon as no other rule holds them.'
    : 'Then its copies may be removed when the space is needed, unless another rule holds them.';
  return `Deletes ${ruleInWords(rule)}. The rule expires within an hour. ${files}`;
}

function whenOf(rule: RuleRow): string {
  const at = compactDate(rule.expires_at);
  return at === null ? 'within an hour' : `at ${at}`;
}

function shown(rule: RuleRow) {
  return { rule_id: rule.id, expires_at: compactDate(rule.expires_at) };
}
