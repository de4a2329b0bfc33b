import { readJsonPrefix } from './json-prefix';
import { SetError } from './set-error';
import type { SetScanner } from './set-scanner';

/** A value of a `--set` argument. */
export interface SetValue {
  readonly value: unknown;
  /** Nothing was left to read: `a=` at the end of the argument. */
  readonly ended: boolean;
}

/** What one option of the `--set` family makes of keys and values. */
export interface SetDialect {
  /** Whether `,` ends a value, so that an argument holds several, and a backslash takes that away. */
  readonly lists: boolean;
  readonly readValue: (scanner: SetScanner) => SetValue;
}

/** Turns the text of a value into the value. */
export type ToValue = (text: string) => unknown;

/**
 * `--set`: whole numbers without a leading zero, `true`, `false` and `null` in any case; all else
 * is text.
 */
export const SET: SetDialect = textDialect(typed);

/** `--set-string`: everything is text. */
export const SET_STRING: SetDialect = textDialect((text) => text);

/** `--set-file`: what is written is the name of a file, and the value is its text. */
export function setFile(read: (path: string) => string): SetDialect {
  return textDialect(read);
}

/** `--set-json`: JSON; nothing at all is `null`. */
export const SET_JSON: SetDialect = {
  lists: true,
  readValue: (scanner) => {
    if (skipEmpty(scanner)) return { value: null, ended: false };
    const { value, length } = readJsonPrefix(scanner.rest);
    scanner.skip(length);
    skipEmpty(scanner);
    return { value, ended: false };
  },
};

/** `--set-literal`: the rest of the argument, as it is. */
export const SET_LITERAL: SetDialect = {
  lists: false,
  readValue: (scanner) => ({ value: scanner.until('', false).text, ended: false }),
};

function textDialect(toValue: ToValue): SetDialect {
  return {
    lists: true,
    readValue: (scanner) => {
      const first = scanner.peek();
      if (first === undefined) return { value: '', ended: true };
      if (first === '{') return { value: readList(scanner, toValue), ended: false };
      return { value: toValue(scanner.until(',', true).text), ended: false };
    },
  };
}

function readList(scanner: SetScanner, toValue: ToValue): unknown[] {
  scanner.skip(1);
  const list: unknown[] = [];
  for (;;) {
    const { text, stop } = scanner.until(',}', true);
    if (stop === undefined) throw new SetError("a list that starts with '{' must end with '}'");
    list.push(toValue(text));
    if (stop === '}') {
      if (scanner.peek() === ',') scanner.skip(1);
      return list;
    }
  }
}

const LARGEST = 9_223_372_036_854_775_807n;

function typed(text: string): unknown {
  if (/^true$/iu.test(text)) return true;
  if (/^false$/iu.test(text)) return false;
  if (/^null$/iu.test(text)) return null;
  if (text === '0') return 0;
  if (!/^[+-]?\d+$/.test(text) || text.startsWith('0')) return text;
  const integer = BigInt(text.replace('+', ''));
  // More than 64 bits are no number; Number(...) of the others is never -0.
  return integer > LARGEST || integer < -LARGEST - 1n ? text : Number(integer);
}

/** White space as Unicode has it, without the byte order mark. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Skips spaces and one comma. @returns whether no value comes before the comma or the end */
function skipEmpty(scanner: SetScanner): boolean {
  for (;;) {
    const next = scanner.peek();
    if (next === undefined) return true;
    if (next !== ',' && !SPACE.test(next)) return false;
    scanner.skip(1);
    if (next === ',') return true;
  }
}
