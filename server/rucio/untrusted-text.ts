import { UNSAFE_CHARACTERS, escapeCharacter } from '../../lib/contract/visible-text';

/** Nearly every name; this is known of it in a fraction of the time. */
const PLAIN = /^[ -~]*$/;

/** Longest text of Rucio's that is handed on, in characters. */
export const MAX_TEXT = 300;

/** Whether a text has characters that must not go into a request. */
export function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/**
 * A name as data for a model: nothing in it can act on a terminal or reorder the text around it.
 * Unsafe characters become `\u{…}`; more than `max` characters are cut, marked with `…`.
 */
export function escapeName(name: string, max = MAX_TEXT): string {
  if (PLAIN.test(name)) return cut(name, max);
  return cut(name.replace(UNSAFE_CHARACTERS, escapeCharacter), max);
}

/** A name inside a sentence of ours: escaped, cut and in double quotes. */
export function quoteName(name: string): string {
  return `"${escapeName(name).replaceAll('"', '\\"')}"`;
}

/** A message of Rucio's: unsafe characters removed, white space folded, cut. */
export function cleanMessage(message: string): string {
  return cut(message.replaceAll(/\s+/g, ' ').replace(UNSAFE_CHARACTERS, '').trim(), MAX_TEXT);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  // Not in the middle of a surrogate pair.
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
