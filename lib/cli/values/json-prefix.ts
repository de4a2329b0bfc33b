import { SetError } from './set-error';

/** The JSON value that a text starts with, and how many characters it takes. */
export interface JsonPrefix {
  readonly value: unknown;
  readonly length: number;
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * Reads one JSON value and leaves what follows it, as a streaming decoder does.
 *
 * @throws {SetError} when the text does not start with a JSON value
 */
export function readJsonPrefix(text: string): JsonPrefix {
  const length = prefixLength(text);
  if (length === 0) throw notJson();
  try {
    return { value: JSON.parse(text.slice(0, length), refuseInfinite) as unknown, length };
  } catch (error) {
    throw error instanceof SetError ? error : notJson();
  }
}

function notJson(): SetError {
  return new SetError('the value is not JSON: texts need double quotes, and so do keys');
}

function refuseInfinite(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new SetError('a number of the value is too large');
  }
  return value;
}

function prefixLength(text: string): number {
  switch (text[0]) {
    case '{':
    case '[':
      return bracketLength(text);
    case '"':
      return stringEnd(text, 0);
    default:
      return scalarLength(text);
  }
}

function scalarLength(text: string): number {
  WORD.lastIndex = 0;
  const word = WORD.exec(text);
  if (word !== null) return word[0].length;
  NUMBER.lastIndex = 0;
  const number = NUMBER.exec(text);
  if (number === null) return 0;
  const [whole, fraction, exponent] = number;
  const next = text.charAt(whole.length);
  // "1.", "1e": a number that has begun to go on.
  const goesOn =
    (next === '.' && fraction === undefined && exponent === undefined) ||
    (/[eE]/.test(next) && exponent === undefined);
  return goesOn ? 0 : whole.length;
}

/** Index behind the closing quote, or 0 without one. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return 0;
}

function bracketLength(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = stringEnd(text, at);
      if (end === 0) return 0;
      at = end - 1;
    } else if ('{['.includes(character)) {
      depth += 1;
    } else if ('}]'.includes(character)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return 0;
}
