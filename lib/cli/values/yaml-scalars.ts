import type { ScalarTag, Tags } from 'yaml';

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** What a plain scalar has to look like to be a number, before underscores are taken away. */
const MAYBE_NUMBER = /^[-+]?(?:[0-9]|\.[0-9])[0-9a-fA-FxXoO_.+-]*$/;

const LARGEST = 18_446_744_073_709_551_615n;
const SMALLEST = -9_223_372_036_854_775_808n;

/**
 * Plain scalars of a values file as Helm's reader types them: `017` and `0o17` are 15, `1_000` is
 * 1000, `08` is 8, while `22:22`, dates and integers that no 64 bits hold in their base stay text.
 *
 * @returns the number, or `text` itself
 */
export function readNumber(text: string): number | string {
  if (!MAYBE_NUMBER.test(text)) return text;
  const startsWithDot = text.startsWith('.');
  const plain = startsWithDot ? text : text.replaceAll('_', '');
  if (!startsWithDot && INTEGER.test(plain)) {
    const integer = toInteger(plain);
    if (integer >= SMALLEST && integer <= LARGEST) return Number(integer);
  }
  return FLOAT.test(plain) ? Number.parseFloat(plain) : text;
}

function toInteger(text: string): bigint {
  const sign = text.startsWith('-') ? -1n : 1n;
  const digits = text.replace(/^[-+]/, '');
  const octal = /^0[oO]?(?=[0-7])/;
  return sign * BigInt(octal.test(digits) ? digits.replace(octal, '0o') : digits.toLowerCase());
}

const NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: MAYBE_NUMBER,
  resolve: (text) => readNumber(text),
};

/** The words for what is no number, and JSON has no word for. */
const ENDLESS: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
  resolve: () => Number.NaN,
};

/** `!!float 3`. */
const EXPLICIT_FLOAT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: false,
  resolve: (text) => Number(readNumber(text)),
};

const KEPT = ['map', 'seq', 'str', 'null', 'bool', 'merge'];

/** The tags of YAML 1.1 that values files know, with Helm's numbers. */
export function valuesTags(tags: Tags): Tags {
  const kept = tags.filter(
    (tag) => typeof tag === 'string' || KEPT.includes(tag.tag.split(':').at(-1) ?? ''),
  );
  return [...kept, NUMBER, ENDLESS, EXPLICIT_FLOAT];
}
