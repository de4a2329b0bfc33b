import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { type ValuesSources, helmValues } from '../../../../lib/cli/values/helm-values';
import type { ValuesMap } from '../../../../lib/cli/values/values-map';
import { readYamlValues } from '../../../../lib/cli/values/yaml-values';
import { RICH } from './rich-chart';

/** One run of Helm 3.22: its arguments, and `.Values` as a template saw them, or that it refused. */
interface Example {
  readonly chart: 'bare' | 'rich';
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly values?: ValuesMap;
  readonly error?: true;
}

const examples = readFileSync(join(__dirname, 'helm-examples.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Example);

const OPTIONS = {
  '--set': 'set',
  '--set-string': 'setString',
  '--set-json': 'setJson',
  '--set-literal': 'setLiteral',
} as const;

function sourcesOf({ args, files = {} }: Example): ValuesSources {
  const given: Record<string, string[]> = {};
  const read: ValuesMap[] = [];
  for (let at = 0; at < args.length; at += 2) {
    const [option = '', value = ''] = args.slice(at, at + 2);
    if (option === '-f') {
      read.push(readYamlValues(Buffer.from(files[value] ?? ''), value).values);
    } else {
      (given[OPTIONS[option as keyof typeof OPTIONS]] ??= []).push(value);
    }
  }
  return { ...given, files: read };
}

const valuesOf = (example: Example) =>
  helmValues(example.chart === 'rich' ? RICH : {}, sourcesOf(example));

test('all examples are there', () => {
  expect(examples.length).toBeGreaterThan(500);
});

test.each(examples.filter(({ error }) => error === undefined))(
  'Helm makes the same of $args over $chart',
  (example) => {
    expect(valuesOf(example)).toEqual(example.values);
  },
);

test.each(examples.filter(({ error }) => error))('Helm refuses $args over $chart', (example) => {
  expect(() => valuesOf(example)).toThrow(/./);
});

const key = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,8}$/).filter((text) => text !== '__proto__');
const escape = (text: string) => text.replace(/[\\,.=[\]{}]/g, '\\$&');

test('any text comes through --set-string when it is escaped, at any depth', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.string(), (path, text) => {
      const values = helmValues({}, { setString: [`${path.join('.')}=${escape(text)}`] });
      const expected = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), text);
      expect(values).toEqual(expected);
    }),
  );
});

test('any text comes through --set-literal as it is', () => {
  fc.assert(
    fc.property(key, fc.string(), (name, text) => {
      expect(helmValues({}, { setLiteral: [`${name}=${text}`] })).toEqual({ [name]: text });
    }),
  );
});

test('any JSON comes through --set-json, and what follows it is read too', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      const values = helmValues({}, { setJson: [`a=${json},b=1`] });
      expect(JSON.stringify(values)).toBe(JSON.stringify({ a: JSON.parse(json) as unknown, b: 1 }));
    }),
  );
});

test('any argument either has a meaning or is refused with a message', () => {
  const part = fc.constantFrom('a', 'b', '=', '.', ',', '[', ']', '{', '}', '0', '1', '\\', '"');
  const argument = fc.array(part, { maxLength: 20 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(argument, fc.constantFrom(...Object.values(OPTIONS)), (text, option) => {
      try {
        expect(typeof helmValues(RICH, { [option]: [text] })).toBe('object');
      } catch (error) {
        expect(String(error)).toMatch(/^SetProblems: --set/);
      }
    }),
    { numRuns: 500 },
  );
});
