import { z } from 'zod';

import { AppError } from '../../errors';
import type { RuleChanges } from '../../rucio/domains/rules';
import type { RuleRow } from '../../rucio/schemas/rules';
import { compactDate, compactText } from '../compact';
import { givenConsent } from '../consent';
import { type ToolContext, defineTool } from '../define';
import { Int } from '../params';
import { parseRuleId } from '../rule-id';
import {
  audited,
  changeShape,
  confirmParam,
  findRule,
  proposed,
  requireRule,
  ruleInWords,
  subjectOf,
} from './change';

const TOOL = 'rucio_update_rule';
/** A shorter life than this, in seconds, is as good as a deletion. */
const SOON_SECONDS = 86_400;
/** Lifetimes that mean something else. */
const UNCHANGED = 0;
const FOR_EVER = -1;
const Text = z.string().nullable();

export const updateRule = defineTool({
  name: TOOL,
  input: z.strictObject({
    rule_id: z.string(),
    lifetime: Int.default(UNCHANGED).describe('seconds from now; 0: unchanged, -1: for ever'),
    locked: z.boolean().optional(),
    comment: z.string().optional(),
    activity: z.string().optional().describe('queues its transfers anew'),
    confirm: confirmParam,
  }),
  output: z.object({
    ...changeShape,
    rule_id: z.string(),
    state: Text,
    expires_at: Text,
    locked: z.boolean(),
    activity: Text,
    comment: Text,
  }),
  run: async (input, context) => {
    const id = parseRuleId(input.rule_id);
    const changes = changesOf(input);
    const question = { tool: TOOL, args: { id, ...changes }, confirm: input.confirm };
    const consent = await givenConsent(context, question);
    const rule = await requireRule(context, id);
    const subject = subjectOf(TOOL, id, rule);
    if (consent === undefined && endsSoon(rule, changes)) {
      const effect =
        `Shortens the life of ${ruleInWords(rule)} to ${input.lifetime} s. When it expires, its ` +
        'copies may be removed, unless another rule holds them.';
      return { ...(await proposed(context, question, { effect })), ...shown(rule) };
    }
    await audited(context, subject, async () => {
      await context.rucio.rules.update(id, changes, { signal: context.signal });
      return {};
    });
    const after = await readBack(context, id);
    const what = Object.keys(changes).join(', ');
    return after === undefined
      ? {
          changed: true,
          effect: `Changed: ${what}. How it is now could not be read.`,
          ...shown(rule),
        }
      : { changed: true, effect: `Changed: ${what}.`, ...shown(after) };
  },
});

interface Input {
  readonly lifetime: number;
  readonly locked?: boolean | undefined;
  readonly comment?: string | undefined;
  readonly activity?: string | undefined;
}

/** @throws {AppError} BAD_ARGUMENT when nothing would change */
function changesOf({ lifetime, locked, comment, activity }: Input): RuleChanges {
  if (lifetime < FOR_EVER) {
    throw new AppError('BAD_ARGUMENT', {
      what: `lifetime is ${lifetime}; it is a number of seconds from now, 0 or -1.`,
      next: 'use -1 to keep the rule for ever, rucio_delete_rule to end it',
    });
  }
  const changes: RuleChanges = {
    ...(lifetime === UNCHANGED ? {} : { lifetime: lifetime === FOR_EVER ? null : lifetime }),
    ...(locked === undefined ? {} : { locked }),
    ...(comment === undefined ? {} : { comment }),
    ...(activity === undefined || activity.trim() === '' ? {} : { activity: activity.trim() }),
  };
  if (Object.keys(changes).length > 0) return changes;
  throw new AppError('BAD_ARGUMENT', {
    what: `${TOOL} was called without anything to change.`,
    next: 'call again with lifetime, locked, comment or activity',
  });
}

function endsSoon({ expires_at: expires }: RuleRow, { lifetime }: RuleChanges): boolean {
  if (typeof lifetime !== 'number' || lifetime >= SOON_SECONDS) return false;
  const present = Date.parse(expires ?? '');
  return Number.isNaN(present) || Date.now() + lifetime * 1000 < present;
}

/** The change is made, whether or not the rule can be read now. */
async function readBack(context: ToolContext, id: string): Promise<RuleRow | undefined> {
  return findRule(context, id).catch(() => undefined);
}

function shown(rule: RuleRow) {
  return {
    rule_id: rule.id,
    state: compactText(rule.state),
    expires_at: compactDate(rule.expires_at),
    locked: rule.locked ?? false,
    activity: compactText(rule.activity),
    comment: compactText(rule.comments),
  };
}
