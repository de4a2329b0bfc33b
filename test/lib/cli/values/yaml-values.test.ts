import { parseYamlValues } from '../../../../lib/cli/values/yaml-values';

const parse = (text: string | Buffer) => parseYamlValues(Buffer.from(text), 'values.yaml');

test.each([
  ['a: yes', { a: true }],
  ['a: off', { a: false }],
  ['a: "yes"', { a: 'yes' }],
  ['a: 0644', { a: 420 }],
  ['a: 2026-11-25', { a: '2026-11-25' }],
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
    'bytes that are no text',
    Buffer.from([0x61, 0x3a, 0x20, 0xff]),
    'values.yaml is not UTF-8 text\nnext: save it as UTF-8',
  ],
  ['1 MiB and a byte', 'a'.repeat(1_048_577), 'values.yaml has 1048577 bytes; 1048576 is the most'],
])('refuses %s with one message', (_, text, message) => {
  expect(() => parse(text)).toThrow(new Error(message));
});

test('tells where a key stands twice', () => {
  expect(() => parse('a: 1\nb: 2\na: 3\n')).toThrow(
    /^values\.yaml can not be read as YAML: Map keys must be unique at line 3, column 1/,
  );
});

test('tells where a bracket is missing', () => {
  expect(() => parse('a: [1, 2\nb: 3\n')).toThrow(/at line 2, column \d+/);
});

test('does not touch prototypes', () => {
  const parsed = parse('__proto__: {polluted: true}');
  expect(Object.keys(parsed)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
