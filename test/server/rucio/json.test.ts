import fc from 'fast-check';

import { parseJson } from '../../../server/rucio/json';

/** Writes what Python's json.dumps would: special numbers bare, integers with all digits. */
function pythonJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : numberText(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value);
  // Python writes a float with a point, an int without.
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** What we promise to make of it. */
function expected(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const isExact = value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n;
    return isExact ? Number(value) : value.toString();
  }
  if (Number.isNaN(value)) return null;
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, expected(member)]),
    );
  }
  return value;
}

/** Strings that look like what is rewritten outside strings. */
const trickyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'Infinity',
    '"NaN',
    '\\',
    '\\"',
    '{"a": -Infinity}',
    '12345678901234567890',
    '//',
  ),
);

const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(Infinity, -Infinity, NaN, null, true, false),
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
    fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    trickyString,
    fc.array(tie('document')),
    fc.dictionary(
      trickyString.filter((key) => key !== '__proto__'),
      tie('document'),
    ),
  ),
}));

describe('parseJson', () => {
  it('reads every document that Python writes', () => {
    fc.assert(
      fc.property(document, (value) => {
        expect(parseJson(pythonJson(value))).toEqual(expected(value));
      }),
    );
  });

  it('reads plain JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps the digits of a byte count above 2^53', () => {
    expect(parseJson('{"bytes": 9007199254740993, "limit": Infinity}')).toEqual({
      bytes: '9007199254740993',
      limit: Infinity,
    });
  });

  it.each([
    '',
    'Infinit',
    '1Infinity',
    '{"a": Infinity',
    '[NaN}',
    '--Infinity',
    '00000000000000001',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('is not confused by very long strings', () => {
    const long = 'Infinity\\"'.repeat(500_000);
    expect(parseJson(`["${long}", Infinity]`)).toEqual([long.replaceAll('\\"', '"'), Infinity]);
  });
});

describe('integers of 16 digits and more', () => {
  it.each(Array.from({ length: 40 }, (_, index) => index))('are exact at offset %i', (offset) => {
    const before = 'x'.repeat(offset);
    const rows = ['9007199254740993', '-9007199254740993', '123456789012345678901234567890'].map(
      (digits) => parseJson(`{"a":"${before}","b":${digits}}`),
    );
    expect(rows).toEqual([
      { a: before, b: '9007199254740993' },
      { a: before, b: '-9007199254740993' },
      { a: before, b: '123456789012345678901234567890' },
    ]);
  });

  it('are as long as they need to be: one digit less is a number, wherever it stands', () => {
    for (let offset = 0; offset < 40; offset += 1) {
      const before = 'x'.repeat(offset);
      expect(parseJson(`{"a":"${before}","b":[999999999999999,12345678901234,1]}`)).toEqual({
        a: before,
        b: [999_999_999_999_999, 12_345_678_901_234, 1],
      });
    }
  });
});
