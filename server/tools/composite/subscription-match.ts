import { runInNewContext } from 'node:vm';

import type { Did } from '../../rucio/did';
import type { DidMeta } from '../../rucio/schemas/dids';
import type { SubscriptionRow } from '../../rucio/schemas/subscriptions';

/** One condition of a subscription that a DID does not fulfil. */
export interface Mismatch {
  readonly key: string;
  readonly wanted: string;
  readonly is: string;
}

export type Match =
  | { readonly isKnown: true; readonly mismatches: readonly Mismatch[] }
  /** The filter can not be read, or has an expression that only Python understands. */
  | { readonly isKnown: false; readonly why: string };

/**
 * Longest time of one regular expression, in milliseconds: subscriptions are written by people. An
 * honest one takes microseconds; the rest is room for a busy machine.
 */
const MAX_PATTERN_MS = 250;
/** Keys that say how rules are made, not for what. */
const NOT_CONDITIONS = new Set(['split_rule', 'grouping']);

/** What tells most comes first: which data a subscription is for at all. */
const FIRST_KEYS = ['scope', 'project', 'datatype', 'pattern'];

function rank(key: string): number {
  const at = FIRST_KEYS.indexOf(key);
  return at === -1 ? FIRST_KEYS.length : at;
}

class UnreadablePattern extends Error {}

/**
 * Which conditions of a subscription a DID fulfils, by the rules of Rucio's transmogrifier: texts are
 * regular expressions that match at the beginning, lists are alternatives, all keys must hold.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/daemons/transmogrifier/transmogrifier.py
 *   (is_matching_subscription)
 */
export function matchSubscription({ filter }: SubscriptionRow, did: Did, meta: DidMeta): Match {
  const conditions = parseEmbedded(filter);
  if (typeof conditions !== 'object' || conditions === null || Array.isArray(conditions)) {
    return { isKnown: false, why: 'its filter can not be read' };
  }
  try {
    // Rucio keeps no order of keys: the same filter must always read the same.
    const mismatches = Object.entries(conditions)
      .filter(([key]) => !NOT_CONDITIONS.has(key))
      .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .flatMap(([key, value]) => mismatch(key, value, did, meta) ?? []);
    return { isKnown: true, mismatches };
  } catch (error) {
    if (!(error instanceof UnreadablePattern)) throw error;
    return { isKnown: false, why: `its pattern can not be checked here: ${error.message}` };
  }
}

/** Rucio sends some fields as JSON inside of JSON. */
export function parseEmbedded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

function mismatch(key: string, value: unknown, did: Did, meta: DidMeta): Mismatch | undefined {
  const wanted = (Array.isArray(value) ? value : [value]).map((item) => textOf(item));
  const shown = wanted.join(' | ');
  switch (key) {
    case 'pattern':
      return wanted.some((pattern) => matchesStart(pattern, did.name))
        ? undefined
        : { key, wanted: shown, is: did.name };
    case 'excluded_pattern':
      return wanted.some((pattern) => matchesStart(pattern, did.name))
        ? { key, wanted: `not ${shown}`, is: did.name }
        : undefined;
    case 'scope':
      return wanted.some((pattern) => matchesStart(pattern, did.scope))
        ? undefined
        : { key, wanted: shown, is: did.scope };
    case 'account': {
      const account = textOf(meta['account']);
      return wanted.includes(account) ? undefined : { key, wanted: shown, is: account };
    }
    default: {
      if (!Object.hasOwn(meta, key)) return { key, wanted: shown, is: '(not set)' };
      const is = textOf(meta[key]);
      return wanted.some((pattern) => matchesStart(pattern, is))
        ? undefined
        : { key, wanted: shown, is };
    }
  }
}

/** As Python's `str` has it, so that patterns for words match words. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Python's `re.match`. In a context of its own, whose time is bounded. */
function matchesStart(pattern: string, text: string): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern.replaceAll('(?P<', '(?<')})`, 'u');
  } catch {
    throw new UnreadablePattern('it is no regular expression of JavaScript');
  }
  try {
    const sandbox = { expression, text };
    const script = 'expression.test(text)';
    return runInNewContext(script, sandbox, { timeout: MAX_PATTERN_MS }) === true;
  } catch {
    throw new UnreadablePattern('it takes too long');
  }
}
