import { AppError } from '../errors';
import { RucioError } from '../rucio/errors';
import { quoteName } from '../rucio/untrusted-text';
import type { ToolContext } from './define';
import { nearWords } from './near-words';
import { rseDirectoryOf } from './rse-directory';

/** Bounds of what is asked besides, to tell which part of an expression is wrong. */
const MAX_QUESTIONS = 2;
const MAX_MS = 2000;
const GRAMMAR =
  'write names, attr=value, attr<n, attr>n, joined by | (or), & (and), \\ (without) and parentheses, without spaces';

/** Where an expression stops to make sense. */
export interface SyntaxProblem {
  /** Of the first character that does not fit, counted from 1. */
  readonly position: number;
  readonly expected: string;
}

/** The terms of an expression in their order, or where it is wrong. */
export type ParsedExpression =
  { readonly terms: readonly string[] } | { readonly problem: SyntaxProblem };

const TERM = /\*|[A-Za-z0-9._-]+(?:[=<>][A-Za-z0-9._-]+)?/y;

/**
 * Reads an RSE expression as Rucio does: operators without precedence, no white space.
 *
 * @see https://rucio.github.io/documentation/started/concepts/rse_expressions
 */
export function parseRseExpression(text: string): ParsedExpression {
  const terms: string[] = [];
  const open: number[] = [];
  let wantsTerm = true;
  let index = 0;
  const problem = (position: number, expected: string): ParsedExpression => ({
    problem: { position: position + 1, expected },
  });
  while (index < text.length) {
    const char = text.charAt(index);
    if (wantsTerm && char === '(') {
      open.push(index);
      index += 1;
    } else if (wantsTerm) {
      TERM.lastIndex = index;
      const [term] = TERM.exec(text) ?? [];
      if (term === undefined) return problem(index, 'an RSE name, attr=value or (');
      terms.push(term);
      index += term.length;
      wantsTerm = false;
    } else if (char === ')') {
      if (open.pop() === undefined) return problem(index, 'no ) without its (');
      index += 1;
    } else if ('|&\\'.includes(char)) {
      wantsTerm = true;
      index += 1;
    } else return problem(index, '|, &, \\ or the end');
  }
  if (wantsTerm) return problem(text.length, 'an RSE name or attr=value');
  const unclosed = open.pop();
  return unclosed === undefined ? { terms } : problem(unclosed, 'a ) for this (');
}

/**
 * What to tell a caller whose RSE expression Rucio refuses: Rucio has one error for a wrong expression
 * and for one that matches nothing. Other errors are given back as they are.
 */
export async function explainExpression(
  error: unknown,
  context: Pick<ToolContext, 'rucio' | 'site' | 'signal'>,
): Promise<unknown> {
  if (!RucioError.is(error, 'InvalidRSEExpression')) return error;
  const expression = error.subject;
  if (expression === undefined || expression === '') return error;
  const parsed = parseRseExpression(expression);
  if ('problem' in parsed) {
    const { position, expected } = parsed.problem;
    return new AppError('RSE_EXPRESSION', {
      what: `The RSE expression ${quoteName(expression)} is wrong at character ${position}: ${expected} is expected.`,
      next: GRAMMAR,
      cause: error,
    });
  }
  const unmatched = await unmatchedTerms(parsed.terms, context).catch(() => undefined);
  if (unmatched === undefined) return error;
  return new AppError('RSE_NOT_FOUND', {
    what: `No RSE matches the RSE expression ${quoteName(expression)}.`,
    why:
      unmatched.length > 0
        ? `${unmatched.join('; ')}.`
        : parsed.terms.length > 1
          ? 'The terms match RSEs, but no RSE matches them together.'
          : undefined,
    next: 'correct the expression; rucio_list_rses lists names, rucio_list_rse_attributes what an RSE has',
    cause: error,
  });
}

/** Says of each term that matches nothing what is wrong with it. */
async function unmatchedTerms(
  terms: readonly string[],
  { rucio, site, signal }: Pick<ToolContext, 'rucio' | 'site' | 'signal'>,
): Promise<string[]> {
  const reader = { rucio, signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]) };
  const names = [...(await rseDirectoryOf(site).list(reader)).keys()];
  const found: string[] = [];
  let questions = 0;
  for (const term of new Set(terms)) {
    if (term === '*') continue;
    if (!/[=<>]/.test(term)) {
      if (!names.includes(term)) found.push(`${quoteName(term)} is no RSE${alike(term, names)}`);
    } else if (questions < MAX_QUESTIONS) {
      questions += 1;
      if (!(await matchesAny(term, reader))) found.push(`${quoteName(term)} matches no RSE`);
    }
  }
  return found;
}

async function matchesAny(
  term: string,
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
): Promise<boolean> {
  try {
    // The first row suffices; leaving the loop ends the request.
    for await (const row of rucio.rses.list(term, { signal })) return row.rse !== '';
  } catch (error) {
    if (!RucioError.is(error, 'InvalidRSEExpression')) throw error;
  }
  return false;
}

function alike(term: string, names: readonly string[]): string {
  const near = nearWords(term, names);
  return near.length === 0 ? '' : `; alike: ${near.map(quoteName).join(', ')}`;
}
