import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Titles of tests and groups, with the ids of the threats that they are about. */
function citedThreats(): Set<string> {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  const titles = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, 'test', file), 'utf8');
      return [...text.matchAll(/['"`]((?:[TR]\d+b?,? ?)+)[: ]/g)].map(([, ids = '']) => ids);
    });
  return new Set(titles.flatMap((ids) => ids.match(/T\d+b?/g) ?? []));
}

test('every threat of docs/security.md has a test that is named after it', () => {
  const table = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  const threats = [...table.matchAll(/^\| (T[^|]*)\|/gm)].flatMap(
    ([, ids = '']) => ids.match(/T\d+b?/g) ?? [],
  );
  expect(threats.length).toBeGreaterThanOrEqual(35);
  const cited = citedThreats();
  expect(threats.filter((id) => !cited.has(id))).toEqual([]);
});
