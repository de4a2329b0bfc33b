/** What plain `JSON.parse` throws at or rounds; may also match inside strings, which only costs time. */
const SUSPICIOUS = /Infinity|NaN|\d{16}/;

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
  const plain = SUSPICIOUS.test(text) ? text.replace(STRING_OR_WORD, rewrite) : text;
  return JSON.parse(plain) as unknown;
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
