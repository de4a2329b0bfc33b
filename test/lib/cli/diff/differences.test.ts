import fc from 'fast-check';

import { differences } from '../../../../lib/cli/diff/differences';
import { pathText, pathWords } from '../../../../lib/cli/diff/words';

/** Changes in short: path, before, after. */
function told(before: unknown, after: unknown): string[] {
  return differences(before, after).map(
    (change) =>
      `${pathText(change.path)}: ${JSON.stringify(change.before)} > ${JSON.stringify(change.after)}`,
  );
}

test.each([
  ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
  [
    'the order of named items',
    { env: [{ name: 'A' }, { name: 'B', value: '1' }] },
    { env: [{ name: 'B', value: '1' }, { name: 'A' }] },
  ],
  [
    'the order of rules without a name',
    { egress: [{ to: [1] }, { to: [2] }] },
    { egress: [{ to: [2] }, { to: [1] }] },
  ],
  ['the order of words', { accessModes: ['a', 'b'] }, { accessModes: ['b', 'a'] }],
  ['1000m and 1', { limits: { cpu: '1000m' } }, { limits: { cpu: 1 } }],
  ['1Gi and 1024Mi', { emptyDir: { sizeLimit: '1Gi' } }, { emptyDir: { sizeLimit: '1024Mi' } }],
])('%s makes no difference', (_, before, after) => {
  expect(told(before, after)).toEqual([]);
});

test('the order of arguments does', () => {
  expect(told({ args: ['a', 'b'] }, { args: ['b', 'a'] })).toEqual(['args: ["a","b"] > ["b","a"]']);
});

test('only quantities are compared as such: a label of 1000m is no 1', () => {
  expect(told({ labels: { a: '1000m' } }, { labels: { a: '1' } })).toHaveLength(1);
});

test('items are told by their name, added and removed ones as a whole', () => {
  const before = { containers: [{ name: 'x', env: [{ name: 'A', value: '1' }] }] };
  const after = { containers: [{ name: 'x', env: [{ name: 'B', value: '1' }] }, { name: 'y' }] };
  expect(told(before, after)).toEqual([
    'containers[x].env[A]: {"name":"A","value":"1"} > undefined',
    'containers[x].env[B]: undefined > {"name":"B","value":"1"}',
    'containers[y]: undefined > {"name":"y"}',
  ]);
});

test.each([
  [
    ['spec', 'template', 'spec', 'containers', { item: 'x' }, 'env', { item: 'A' }, 'value'],
    'container x, variable A',
  ],
  [['spec', 'template', 'metadata', 'labels', 'tier'], 'pod label tier'],
  [['metadata', 'annotations', 'a.b/c'], 'annotation a.b/c'],
  [['spec', 'replicas'], 'replicas'],
  [['data', 'server.json', 'limits', 'callSeconds'], 'server.json.limits.callSeconds'],
  [
    ['spec', 'template', 'spec', 'containers', { item: 'x' }, 'serve', 'read-only'],
    'container x, --read-only',
  ],
])('the path %j in words', (path, words) => {
  expect(pathWords(path)).toBe(words);
});

const json = fc.jsonValue({ maxDepth: 4 });

test('nothing differs from itself, whatever it is', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(differences(value, structuredClone(value))).toEqual([]);
    }),
  );
});

test('what differs one way differs the other way, at the same places', () => {
  fc.assert(
    fc.property(json, json, (one, two) => {
      const there = differences(one, two).map(({ path }) => pathText(path));
      const back = differences(two, one).map(({ path }) => pathText(path));
      expect([...back].sort()).toEqual([...there].sort());
    }),
  );
});
