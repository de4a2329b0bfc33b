import { createHash } from 'node:crypto';

import { AppError } from '../errors';
import type { ToolContext } from './define';
import { bindingOf } from './sealed-plan';

/** How the user's consent to a change reaches a tool. */
export interface Consent {
  /** Whether the client can put a question to its user. */
  readonly canAsk: boolean;
  /** The answer to the question of the round before. */
  readonly answer?: { readonly token: string; readonly isAccepted: boolean } | undefined;
}

/** Ends a tool's run with a question to the user; the client calls again with the answer. */
export class AskUser extends Error {
  /** Sealed; comes back with the answer. */
  readonly token: string;

  constructor(question: string, token: string) {
    super(question);
    this.name = 'AskUser';
    this.token = token;
  }
}

/** A change that a user has to agree to. */
export interface Question {
  readonly tool: string;
  /** The arguments of the call, without the token; consent is to exactly these. */
  readonly args: object;
  /** The token that the caller gave, or an empty text. */
  readonly confirm: string;
}

type ConsentContext = Pick<ToolContext, 'sealer' | 'site' | 'account' | 'consent'>;

/**
 * What the user has agreed to.
 *
 * @returns the facts of {@link askConsent}, or `undefined` when nobody was asked yet
 * @throws {AppError} NOT_CONFIRMED when the user declined, or the token is not for this change
 */
export async function givenConsent(
  context: ConsentContext,
  { tool, args, confirm }: Question,
): Promise<unknown> {
  const { sealer, consent } = context;
  const given = consent.answer?.token ?? confirm.trim();
  if (given === '') return undefined;
  const opened = await sealer.open(bindingOf(context, purposeOf(tool)), given);
  if (!isRecord(opened) || opened['args'] !== digestOf(args)) throw notForThis();
  if (consent.answer?.isAccepted === false) throw declined(tool);
  return opened['facts'] ?? {};
}

/**
 * Asks: through the client where it can put questions, else by a token that a second call has to give
 * back.
 *
 * @param effect - what would happen, for the user; names in it are quoted
 * @param facts - what the second call needs to know of the state before it
 * @returns the token for the second call
 * @throws {AskUser} when the client can ask
 */
export async function askConsent(
  context: ConsentContext,
  { tool, args }: Question,
  { effect, facts }: { readonly effect: string; readonly facts?: object },
): Promise<string> {
  const data = { args: digestOf(args), ...(facts === undefined ? {} : { facts }) };
  const token = await context.sealer.seal(bindingOf(context, purposeOf(tool)), data);
  if (context.consent.canAsk) throw new AskUser(effect, token);
  return token;
}

function purposeOf(tool: string): string {
  return `confirm ${tool}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The same for the same arguments in any order. */
function digestOf(args: object): string {
  const sorted = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22);
}

function notForThis(): AppError {
  return new AppError('NOT_CONFIRMED', {
    what: 'The confirmation is for other arguments, was changed, or is older than ten minutes. Nothing was changed.',
    next: 'call without confirm, tell the user what would happen, and confirm with the new token',
  });
}

function declined(tool: string): AppError {
  return new AppError('NOT_CONFIRMED', {
    what: `The user declined ${tool}. Nothing was changed.`,
    next: 'ask the user what they want instead; do not repeat the call',
  });
}
