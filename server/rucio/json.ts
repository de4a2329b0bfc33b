/** Digits of the shortest integer that a JavaScript number may not hold exactly. */
const LONG = 16;

/** A whole JSON string, or a run of what numbers and words consist of. */
const STRING_OR_WORD = /"[^"\\]*(?:\\[^][^"\\]*)*"|[-+.\w]+/g;

/**
 * Parses the JSON that Python's `json.dumps` writes: `Infinity` and `-Infinity` become those numbers,
 * `NaN` becomes `null`, and an integer that a JavaScript number can not hold exactly becomes a string
 * of its digits.
 *
 * @throws {SyntaxError} when the text is not JSON apart from that
 * @see https://docs.python.org/3/library/json.html#infinite-and-nan-number-values
 */
export function parseJson(text: string): unknown {
  const plain = isSuspicious(text) ? text.replace(STRING_OR_WORD, rewrite) : text;
  return JSON.parse(plain) as unknown;
}

/** What plain `JSON.parse` throws at or rounds; may also be inside a string, which only costs time. */
function isSuspicious(text: string): boolean {
  return text.includes('NaN') || text.includes('Infinity') || hasLongNumber(text);
}

/**
 * As `/\d{16}/`, which would be most of the cost of a row: so many digits in a run have one at a
 * multiple of 16, and nothing else has to be looked at.
 */
function hasLongNumber(text: string): boolean {
  for (let index = LONG - 1; index < text.length; index += LONG) {
    if (!isDigit(text, index)) continue;
    let first = index;
    while (isDigit(text, first - 1)) first -= 1;
    let end = index + 1;
    while (isDigit(text, end)) end += 1;
    if (end - first >= LONG) return true;
  }
  return false;
}

/** Outside of the text there is none. */
function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}

function rewrite(token: string): string {
  switch (token) {
    case 'Infinity':
      return '1e999';
    case '-Infinity':
      return '-1e999';
    case 'NaN':
      return 'null';
    default:
      return /^-?[1-9]\d{15,}$/.test(token) && !Number.isSafeInteger(Number(token))
        ? `"${token}"`
        : token;
  }
}
