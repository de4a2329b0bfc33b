import { z } from 'zod';

import { quoteName } from '../../rucio/untrusted-text';
import { givenConsent } from '../consent';
import { defineTool } from '../define';
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

const TOOL = 'rucio_deny_rule';

export const denyRule = defineTool({
  name: TOOL,
  input: z.strictObject({
    rule_id: z.string(),
    reason: z.string().default('').describe('sent to who asked for it'),
    confirm: confirmParam,
  }),
  output: z.object({ ...changeShape, rule_id: z.string() }),
  run: async (input, context) => {
    const id = parseRuleId(input.rule_id);
    const reason = trimmed(input.reason);
    const question = { tool: TOOL, args: { id, reason }, confirm: input.confirm };
    const consent = await givenConsent(context, question);
    const rule =
      consent === undefined ? await requireRule(context, id) : await findRule(context, id);
    const subject = subjectOf(TOOL, id, rule);
    if (rule === undefined) {
      return { ...repeated(context, subject, 'The rule is gone already.'), rule_id: id };
    }
    if (rule.state !== 'WAITING_APPROVAL') {
      // Rucio would say nothing and do nothing.
      const effect = `The rule does not wait for approval: it is ${quoteName(rule.state)}. Nothing was changed.`;
      return { ...repeated(context, subject, effect), rule_id: id };
    }
    if (consent === undefined) {
      const effect = `Denies ${ruleInWords(rule)}. Rucio removes the rule at once.`;
      return { ...(await proposed(context, question, { effect })), rule_id: id };
    }
    await audited(context, subject, async () => {
      await context.rucio.rules.deny(id, reason, { signal: context.signal });
      return {};
    });
    return { changed: true, effect: 'Denied: Rucio has removed the rule.', rule_id: id };
  },
});
