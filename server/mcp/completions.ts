import type { CompleteResult } from '@modelcontextprotocol/server';

import { RULE_STATE_LETTERS } from '../rucio/rule-filter';
import { firstRows } from '../tools/composite/parts';
import type { DirectoryReader } from '../tools/rse-directory';
import type { SiteLists } from './site-lists';

/** Bound of the protocol on the values of one answer. @see MCP 2026-07-28, "Completion" */
const MAX_VALUES = 100;
/** People type on: a later answer is of no use, in milliseconds. */
const MAX_MS = 1000;

/** What is being completed. */
export interface Completion {
  readonly argument: string;
  readonly value: string;
  /** The other arguments, as far as they are known. */
  readonly others: Readonly<Record<string, string>>;
}

interface CompletionContext extends DirectoryReader {
  readonly lists: SiteLists;
}

type Source = (completion: Completion, context: CompletionContext) => Promise<readonly string[]>;

/** By the name of the argument, in prompts and templates alike. */
const SOURCES: Readonly<Record<string, Source>> = {
  scope: (_, context) => context.lists.scopes(context),
  rse: (_, context) => context.lists.rses(context),
  account: (_, context) => context.lists.accounts(context),
  state: () => Promise.resolve(Object.keys(RULE_STATE_LETTERS)),
  rse_expression: expressions,
  did: dids,
  dids,
  pattern: dids,
  name: async ({ value, others }, context) => names(others['scope'] ?? '', value, context),
};

/**
 * Values for an argument of a prompt or a template: first those that begin with what was typed, then
 * those that contain it, in any case. Empty when Rucio does not answer within a second, or refuses.
 */
export async function complete(
  completion: Completion,
  context: CompletionContext,
): Promise<CompleteResult> {
  const source = Object.hasOwn(SOURCES, completion.argument)
    ? SOURCES[completion.argument]
    : undefined;
  if (source === undefined) return toResult([]);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(MAX_MS)]);
  try {
    const values = await source(completion, { ...context, signal });
    return toResult(matching(values, completion.value));
  } catch (error) {
    if (context.signal.aborted) throw error;
    // A completion is a help; its failure is nobody's problem.
    return toResult([]);
  }
}

function matching(values: readonly string[], typed: string): readonly string[] {
  const wanted = typed.trim().toLowerCase();
  const first: string[] = [];
  const later: string[] = [];
  for (const value of values) {
    const position = value.toLowerCase().indexOf(wanted);
    if (position === 0) first.push(value);
    else if (position > 0) later.push(value);
  }
  return [...first, ...later];
}

function toResult(values: readonly string[]): CompleteResult {
  return {
    completion: {
      values: values.slice(0, MAX_VALUES),
      total: values.length,
      hasMore: values.length > MAX_VALUES,
    },
  };
}

/** Before the colon a scope, behind it names of that scope. */
async function dids({ value }: Completion, context: CompletionContext): Promise<readonly string[]> {
  const colon = value.indexOf(':');
  if (colon === -1) {
    return (await context.lists.scopes(context)).map((scope) => `${scope}:`);
  }
  const scope = value.slice(0, colon);
  const found = await names(scope, value.slice(colon + 1), context);
  return found.map((name) => `${scope}:${name}`);
}

async function names(
  scope: string,
  typed: string,
  { rucio, signal }: CompletionContext,
): Promise<readonly string[]> {
  // Rucio has nothing but scans for patterns that begin with a wildcard.
  if (scope === '' || typed.includes('*')) return [];
  const query = {
    scope,
    type: 'all',
    filters: { name: `${typed}*` },
    recursive: false,
    limit: MAX_VALUES + 1,
  } as const;
  const rows = await firstRows(rucio.dids.list(query, { signal }), MAX_VALUES + 1);
  return rows.map(({ name }) => name).sort();
}

/** Completes the last name of an RSE expression. */
async function expressions(
  { value }: Completion,
  context: CompletionContext,
): Promise<readonly string[]> {
  const before = /^.*[|&\\()]/s.exec(value)?.[0] ?? '';
  const rses = await context.lists.rses(context);
  return rses.map((rse) => `${before}${rse}`);
}
