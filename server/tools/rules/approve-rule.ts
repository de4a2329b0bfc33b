import { z } from 'zod';

import { quoteName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { defineTool } from '../define';
import { parseRuleId } from '../rule-id';
import { audited, changeShape, findRule, repeated, requireRule, subjectOf } from './change';

const TOOL = 'rucio_approve_rule';

export const approveRule = defineTool({
  name: TOOL,
  input: z.strictObject({ rule_id: z.string() }),
  output: z.object({ ...changeShape, rule_id: z.string(), state: z.string().nullable() }),
  run: async (input, context) => {
    const id = parseRuleId(input.rule_id);
    const rule = await requireRule(context, id);
    const subject = subjectOf(TOOL, id, rule);
    if (rule.state !== 'WAITING_APPROVAL') {
      // Rucio would say nothing and do nothing.
      const effect = `The rule does not wait for approval: it is ${quoteName(rule.state)}. Nothing was changed.`;
      return { ...repeated(context, subject, effect), rule_id: id, state: compactText(rule.state) };
    }
    await audited(context, subject, async () => {
      await context.rucio.rules.approve(id, { signal: context.signal });
      return {};
    });
    const after = await findRule(context, id).catch(() => undefined);
    return {
      changed: true,
      effect: 'Approved: Rucio creates its locks soon, whatever the quota of its account.',
      rule_id: id,
      state: compactText(after?.state),
      next: 'rucio_wait_for_rule(rule_id)',
    };
  },
});
