import { z } from 'zod';

import { AppError } from '../../errors';
import { type Did, formatDid, parseDids } from '../../rucio/did';
import type { NewRule } from '../../rucio/domains/rules';
import type { ToolContext } from '../define';
import { Int, accountOf, accountParam, trimmed } from '../params';
import { openPlan } from '../sealed-plan';
import { confirmParam } from './change';

/** Most DIDs of one call; each is looked at first. */
const MAX_DIDS = 200;
/** Rucio's own bound, in characters. */
const MAX_COMMENT = 250;

export const NewRuleInput = z.strictObject({
  plan: z.string().default('').describe('from rucio_plan_rule, for what it has'),
  dids: z.string().default('').describe('separated by spaces'),
  copies: Int.default(1),
  rse_expression: z.string().default(''),
  lifetime: Int.default(0).describe('seconds'),
  grouping: z.enum(['DATASET', 'ALL', 'NONE']).default('DATASET'),
  locked: z.boolean().default(false),
  source_replica_expression: z.string().default(''),
  notify: z.enum(['N', 'Y', 'C', 'P']).default('N').describe('C: mail when done'),
  activity: z.string().default(''),
  comment: z.string().default(''),
  ask_approval: z.boolean().default(false),
  asynchronous: z.boolean().default(false),
  delay_injection: Int.default(0),
  account: accountParam,
  weight: z.string().default(''),
  confirm: confirmParam,
});
export type NewRuleInput = z.output<typeof NewRuleInput>;

/** A rule to be made, checked as far as that is possible without Rucio. */
export type WantedRule = NewRule & { readonly account: string };

/**
 * The rule that is meant: what the plan says, or the arguments.
 *
 * @throws {AppError} BAD_ARGUMENT; NOT_CONFIRMED for a plan that is not good any more
 */
export async function wantedRule(input: NewRuleInput, context: ToolContext): Promise<WantedRule> {
  const {
    dids,
    copies,
    rse_expression: expression,
    lifetime,
    account,
  } = await basics(input, context);
  const comment = trimmed(input.comment);
  if (comment !== undefined && comment.length > MAX_COMMENT) {
    throw bad(`comment has ${comment.length} characters; Rucio takes at most ${MAX_COMMENT}.`);
  }
  if (input.delay_injection < 0)
    throw bad('delay_injection is negative; it is a number of seconds.');
  return {
    dids,
    copies,
    rseExpression: expression,
    lifetime: lifetime ?? undefined,
    account,
    grouping: input.grouping,
    locked: input.locked,
    sourceReplicaExpression: trimmed(input.source_replica_expression),
    notify: input.notify,
    activity: trimmed(input.activity),
    comment,
    askApproval: input.ask_approval,
    asynchronous: input.asynchronous,
    delayInjection: input.delay_injection === 0 ? undefined : input.delay_injection,
    weight: trimmed(input.weight),
  };
}

interface Basics {
  readonly dids: readonly Did[];
  readonly copies: number;
  readonly rse_expression: string;
  /** In seconds; null: for ever. */
  readonly lifetime: number | null;
  readonly account: string;
}

async function basics(input: NewRuleInput, context: ToolContext): Promise<Basics> {
  const token = trimmed(input.plan);
  if (token === undefined) return fromArguments(input, context);
  const plan = await openPlan(context, token);
  const clashes = [
    ...(trimmed(input.dids) === undefined || sameDids(input.dids, plan.dids) ? [] : ['dids']),
    ...(input.copies === 1 || input.copies === plan.copies ? [] : ['copies']),
    ...clash('rse_expression', input.rse_expression, plan.rse_expression),
    ...clash('account', input.account, plan.account),
    ...(input.lifetime === 0 || input.lifetime === plan.lifetime ? [] : ['lifetime']),
  ];
  if (clashes.length > 0) {
    throw bad(
      `plan says something else than: ${clashes.join(', ')}.`,
      'leave them out, or plan anew',
    );
  }
  return { ...plan, dids: parseDids(plan.dids.join(' '), 'plan', MAX_DIDS) };
}

function fromArguments(input: NewRuleInput, context: ToolContext): Basics {
  const expression = trimmed(input.rse_expression);
  if (trimmed(input.dids) === undefined || expression === undefined) {
    throw bad('dids or rse_expression is missing.', 'call again with both, or with plan');
  }
  const { copies, lifetime } = input;
  if (copies < 1) throw bad(`copies is ${copies}; a rule has at least one copy.`);
  if (lifetime < 0) {
    throw bad(`lifetime is ${lifetime}; Rucio would make a rule that has expired.`);
  }
  return {
    dids: parseDids(input.dids, 'dids', MAX_DIDS),
    copies,
    rse_expression: expression,
    lifetime: lifetime === 0 ? null : lifetime,
    account: accountOf(input.account, context),
  };
}

function clash(argument: string, given: string, planned: string): string[] {
  const value = trimmed(given);
  return value === undefined || value === planned ? [] : [argument];
}

function sameDids(text: string, planned: readonly string[]): boolean {
  const given = new Set(parseDids(text, 'dids', MAX_DIDS).map(formatDid));
  return given.size === planned.length && planned.every((did) => given.has(did));
}

function bad(what: string, next = 'correct the argument and call again'): AppError {
  return new AppError('BAD_ARGUMENT', { what, next });
}
