import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { REQUIREMENTS } from '../requirements';

const ROOT = join(__dirname, '../..');

/** Ids that titles of tests begin with, as in `T6 R71: a code …`. */
const cited = new Set(
  readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, 'test', file), 'utf8');
      return [...text.matchAll(/['"`]((?:[TR]\d+b? ?)+):/g)];
    })
    .flatMap(([, ids = '']) => ids.match(/R\d+/g) ?? []),
);

test('every requirement has a test that cites it', () => {
  expect(Object.keys(REQUIREMENTS).filter((id) => !cited.has(id))).toEqual([]);
});

test('no test cites a requirement that does not exist', () => {
  expect([...cited].filter((id) => !Object.hasOwn(REQUIREMENTS, id))).toEqual([]);
});

test('R70: the risks of the cross-device step are assessed in docs/security.md', () => {
  const text = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  const [, assessment = ''] =
    /## Assessment of the cross-device step([\s\S]*?)\n## /.exec(text) ?? [];
  for (const part of [
    'Out-of-band code',
    'Binding',
    'User experience',
    'Short life',
    'What remains',
  ]) {
    expect(assessment).toContain(part);
  }
});
