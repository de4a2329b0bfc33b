import { z } from 'zod';

import { AppError } from '../errors';
import type { ToolContext } from './define';

/** What a sealed token is good for; it opens for nothing else. */
export interface SealBinding {
  readonly site: string;
  readonly account: string;
  readonly purpose: string;
}

/** Hands data to the client in a form that it can neither read nor change. */
export interface Sealer {
  seal(binding: SealBinding, data: object): Promise<string>;
  /** `undefined` for a token that is foreign, changed, expired, or was made for something else. */
  open(binding: SealBinding, token: string): Promise<unknown>;
}

const PURPOSE = 'rule-plan';

/** What `rucio_plan_rule` has looked into and `rucio_add_rule` can carry out. */
export const RulePlan = z.object({
  /** `scope:name`, one rule each. */
  dids: z.array(z.string()).min(1),
  rse_expression: z.string().min(1),
  copies: z.int().min(1),
  /** The account that the rules are for. */
  account: z.string().min(1),
  /** In seconds; null: for ever. */
  lifetime: z.int().nullable(),
});
export type RulePlan = z.output<typeof RulePlan>;

type SealContext = Pick<ToolContext, 'sealer' | 'site' | 'account'>;

/** Seals a plan for the caller, at this site, for ten minutes. */
export async function sealPlan(context: SealContext, plan: RulePlan): Promise<string> {
  return context.sealer.seal(bindingOf(context, PURPOSE), plan);
}

/**
 * @throws {AppError} NOT_CONFIRMED for a plan that is foreign, changed or older than ten minutes
 */
export async function openPlan(context: SealContext, token: string): Promise<RulePlan> {
  const opened = RulePlan.safeParse(
    await context.sealer.open(bindingOf(context, PURPOSE), token.trim()),
  );
  if (opened.success) return opened.data;
  throw new AppError('NOT_CONFIRMED', {
    what: 'The plan is not one of this account at this site, was changed, or is older than ten minutes.',
    next: 'make a new one with rucio_plan_rule',
  });
}

/** The caller, for a purpose. */
export function bindingOf({ site, account }: SealContext, purpose: string): SealBinding {
  return { site: site.name, account, purpose };
}
