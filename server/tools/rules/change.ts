import { z } from 'zod';

import { AppError } from '../../errors';
import { formatDid } from '../../rucio/did';
import type { ByteCount } from '../../rucio/schemas/numbers';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName, quoteName } from '../../rucio/untrusted-text';
import { askConsent } from '../consent';
import type { AuditRecord, ToolContext } from '../define';

export const confirmParam = z.string().default('').describe('token of the call before');

/** The fields of every answer to a change. */
export const changeShape = {
  /** Whether this call has changed anything. */
  changed: z.boolean(),
  /** What Rucio did, or would do. */
  effect: z.string(),
  /** Only when the user has to agree first: for the same call again. */
  confirm: z.string().optional(),
  next: z.string().optional(),
};
export type ChangeAnswer = z.output<z.ZodObject<typeof changeShape>>;

/** What is changed, for the audit log. */
export type Subject = Pick<AuditRecord, 'tool' | 'rules' | 'dids' | 'bytes'>;

/**
 * Makes a change once, and leaves one line about it in the audit log, however it ends.
 *
 * @param act - tells of what it made: the ids of new rules are logged, too
 */
export async function audited<T extends { readonly rules?: readonly string[] }>(
  { audit, signal }: Pick<ToolContext, 'audit' | 'signal'>,
  subject: Subject,
  act: () => Promise<T>,
): Promise<T> {
  try {
    const made = await act();
    const rules = [...new Set([...subject.rules, ...(made.rules ?? [])])];
    audit({ ...subject, rules, outcome: 'done' });
    return made;
  } catch (error) {
    audit({ ...subject, outcome: outcomeOf(error, signal) });
    throw error;
  }
}

function outcomeOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof AppError) return error.code;
  return signal.aborted ? 'CANCELLED' : 'INTERNAL';
}

/** Answers a call that had been carried out before; the log says so, too. */
export function repeated(
  { audit }: Pick<ToolContext, 'audit'>,
  subject: Subject,
  effect: string,
): ChangeAnswer {
  audit({ ...subject, outcome: 'repeated' });
  return { changed: false, effect };
}

/** Answers what would happen, with the token for a second call; or asks through the client. */
export async function proposed(
  context: ToolContext,
  question: Parameters<typeof askConsent>[1],
  proposal: Parameters<typeof askConsent>[2],
): Promise<ChangeAnswer> {
  const confirm = await askConsent(context, question, proposal);
  return {
    changed: false,
    effect: proposal.effect,
    confirm,
    next: 'ask the user; if they agree, make the same call with confirm',
  };
}

/** The rule, or `undefined` when Rucio does not have it any more. */
export async function findRule(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  id: string,
): Promise<RuleRow | undefined> {
  try {
    return await rucio.rules.get(id, { signal });
  } catch (error) {
    if (error instanceof AppError && error.code === 'RULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** @throws {AppError} RULE_NOT_FOUND */
export async function requireRule(context: ToolContext, id: string): Promise<RuleRow> {
  return context.rucio.rules.get(id, { signal: context.signal });
}

export function subjectOf(
  tool: AuditRecord['tool'],
  id: string,
  rule?: RuleRow,
  bytes?: ByteCount | null,
): Subject {
  return {
    tool,
    rules: [id],
    dids: rule === undefined ? [] : [escapeName(formatDid(rule))],
    bytes,
  };
}

/** `rule 0f… of "jdoe" (OK): 1 copy of "scope:name" at "expression"`. */
export function ruleInWords(rule: RuleRow): string {
  const copies = rule.copies === 1 ? '1 copy' : `${rule.copies ?? '?'} copies`;
  const owner =
    rule.account === null || rule.account === undefined ? '' : ` of ${quoteName(rule.account)}`;
  return (
    `rule ${escapeName(rule.id)}${owner} (${escapeName(rule.state)}): ` +
    `${copies} of ${quoteName(formatDid(rule))} at ${quoteName(rule.rse_expression)}`
  );
}
