import { mergeValues } from '../../../../lib/cli/values/merge-values';
import type { ValuesMap } from '../../../../lib/cli/values/values-map';
import { readValues } from '../../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../../lib/contract/release';
import { Values } from '../../../../lib/contract/values/values';

const mergeFiles = (files: readonly ValuesMap[]) => mergeValues({ files });

test('without layers: the defaults', () => {
  expect(mergeFiles([])).toEqual(Values.parse({}));
});

test('later layers win, map by map; lists are replaced', () => {
  const merged = mergeFiles([
    { auth: { sites: ['atlas', 'cms'] }, podLabels: { a: '1', b: '2' } },
    { auth: { sites: ['dune'] }, podLabels: { b: '3' } },
  ]);
  expect(merged).toMatchObject({
    auth: { mode: 'oidc', sites: ['dune'] },
    podLabels: { a: '1', b: '3' },
  });
});

test('annotations are added to those of the defaults, as Helm does', () => {
  expect(mergeFiles([{ ingress: { annotations: { 'example.com/a': 'b' } } }])).toMatchObject({
    ingress: {
      annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt-prod', 'example.com/a': 'b' },
    },
  });
});

const at = (value: unknown, path: string) =>
  path.split('/').reduce((found, key) => (found as Record<string, unknown>)[key], value);

test.each([
  ['a default annotation', 'ingress/annotations', { 'cert-manager.io/cluster-issuer': null }, {}],
  ['all annotations', 'ingress/annotations', null, {}],
  ['a list', 'tolerations', null, []],
  ['a text', 'ingress/className', null, ''],
  ['a section', 'service', null, { type: 'ClusterIP', port: 80, annotations: {} }],
])('null takes away %s', (_, path, value, expected) => {
  const [section = '', key] = path.split('/');
  const layer = key === undefined ? { [section]: value } : { [section]: { [key]: value } };
  const result = Values.safeParse(mergeFiles([layer]));
  expect(result.success).toBe(true);
  expect(at(result.data, path)).toEqual(expected);
});

test.each([
  [{ readOnly: null }, 'readOnly'],
  [{ replicaCount: null }, 'replicaCount'],
  [{ auth: { mode: null } }, 'auth.mode'],
])('null where its meaning would be a guess is an error: %j', (layer, path) => {
  const result = readValues(mergeFiles([layer]), DEFAULT_RELEASE);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.issues.map((issue) => issue.path.join('.'))).toContain(path);
});

test('unknown keys stay, so that they are told', () => {
  expect(mergeFiles([{ readOnyl: true, serivce: { port: 1 } }])).toMatchObject({
    readOnyl: true,
    serivce: { port: 1 },
  });
});

test('another choice inherits nothing from the first', () => {
  expect(
    mergeFiles([{ runtime: { kind: 'image', volume: true } }, { runtime: { kind: 'pixi' } }]),
  ).toMatchObject({
    runtime: { kind: 'pixi' },
  });
  expect(
    at(
      mergeFiles([{ runtime: { kind: 'image', volume: true } }, { runtime: { kind: 'pixi' } }]),
      'runtime',
    ),
  ).toEqual({ kind: 'pixi' });
});

test('a layer can not reach a prototype', () => {
  const layer = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
  const merged = mergeFiles([layer]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
});
