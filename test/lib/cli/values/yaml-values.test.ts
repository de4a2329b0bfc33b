import { readYamlValues } from '../../../../lib/cli/values/yaml-values';

const parse = (text: string | Buffer) => readYamlValues(Buffer.from(text), 'values.yaml').values;

test.each([
  ['a: yes', { a: true }],
  ['a: off', { a: false }],
  ['a: "yes"', { a: 'yes' }],
  ['a: 0644', { a: 420 }],
  ['a: 2026-11-25', { a: '2026-11-25' }],
  ['a: 017\nb: 0o17\nc: 0x1F\nd: 0b11\ne: 08', { a: 15, b: 15, c: 31, d: 3, e: 8 }],
  ['a: 1_000\nb: 1_0.5\nc: -.5\nd: 1e3\ne: 1.', { a: 1000, b: 10.5, c: -0.5, d: 1000, e: 1 }],
  ['a: .\nb: 1.2.3\nc: 0o8\nd: +a', { a: '.', b: '1.2.3', c: '0o8', d: '+a' }],
  ['y: 1\n017: 2', { true: 1, 15: 2 }],
  ['a: 1\n---\n', { a: 1 }],
  ['a: !!str 5\nb: !!int "5"', { a: '5', b: 5 }],
  ['a: 12:30:45', { a: '12:30:45' }],
  ['a: ~', { a: null }],
  ['a: &x {b: 1}\nc: {<<: *x, d: 2}', { a: { b: 1 }, c: { b: 1, d: 2 } }],
  ['', {}],
  ['# nothing\n', {}],
  ['---\na: 1\n', { a: 1 }],
  ['\uFEFFa: 1', { a: 1 }],
])('reads %j as Helm does', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

/** Nine levels of ten aliases each. */
const bomb = ['a0: &a0 [x]', ...Array.from({ length: 9 }, (_, i) => bombLevel(i + 1))].join('\n');
function bombLevel(level: number): string {
  const before = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ');
  return `a${level}: &a${level} [${before}]`;
}

test.each([
  [
    'a list',
    '- a',
    'values.yaml is not a map of values\nnext: write lines such as "readOnly: true"',
  ],
  [
    'text',
    'hello',
    'values.yaml is not a map of values\nnext: write lines such as "readOnly: true"',
  ],
  [
    'two documents',
    'a: 1\n---\nb: 2\n',
    'values.yaml has 2 YAML documents; a values file has one\n' +
      'next: remove the "---" lines, or use several files, each with -f',
  ],
  ['a bomb', bomb, 'values.yaml can not be read as YAML: its aliases (*name) stand for too much'],
  [
    'an endless nest',
    `a: ${'['.repeat(100_000)}`,
    'values.yaml can not be read as YAML: it is nested too deeply',
  ],
  [
    'many copies of something large',
    `a: &a [${'1,'.repeat(10_000)}]\nb: [${'*a,'.repeat(60)}]`,
    'values.yaml can not be read as YAML: it stands for more than 500000 values',
  ],
  [
    'a number without an end',
    'a: .inf',
    'values.yaml can not be read as YAML: it has a number without an end (.inf, .nan), which JSON has not',
  ],
  [
    'bytes that are no text',
    Buffer.from([0x61, 0x3a, 0x20, 0xff]),
    'values.yaml is not UTF-8 text\nnext: save it as UTF-8',
  ],
  ['1 MiB and a byte', 'a'.repeat(1_048_577), 'values.yaml has 1048577 bytes; 1048576 is the most'],
])('refuses %s with one message', (_, text, message) => {
  expect(() => parse(text)).toThrow(new Error(message));
});

test('of a key that stands twice the last one counts, and it is told', () => {
  const text = Buffer.from('a: 1\nb:\n  c: 2\n  c: 3\na: 4\n');
  expect(readYamlValues(text, 'f')).toEqual({
    values: { a: 4, b: { c: 3 } },
    warnings: [
      'f, line 5: the key "a" stands twice; this one counts',
      'f, line 4: the key "c" stands twice; this one counts',
    ],
  });
});

test('a file of nothing but one key is read in one go', () => {
  const { values, warnings } = readYamlValues(Buffer.from('a: 1\n'.repeat(20_000)), 'f');
  expect(values).toEqual({ a: 1 });
  expect(warnings).toHaveLength(20);
});

test('tells where a bracket is missing', () => {
  expect(() => parse('a: [1, 2\nb: 3\n')).toThrow(/at line 2, column \d+/);
});

test('does not touch prototypes', () => {
  const parsed = parse('__proto__: {polluted: true}');
  expect(Object.keys(parsed)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
