import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, parseAllDocuments, stringify } from 'yaml';

import type { Manifest } from '../../../lib/constructs/checks/manifest';
import { validValues, writeSmallBundle } from '../synth';
import { synthCommand } from '../../support/run-synth-command';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-environments-'));
  writeSmallBundle(join(root, 'bundle'));
  writeFileSync(join(root, 'common.yaml'), stringify(validValues()));
  mkdirSync(join(root, 'envs'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (...argv: string[]) =>
  synthCommand(root, ['-f', 'common.yaml', '--environments', 'envs', ...argv]);

const environment = (name: string, text: string) =>
  writeFileSync(join(root, 'envs', `${name}.yaml`), text);

const manifestsOf = (file: string) =>
  parseAllDocuments(readFileSync(join(root, 'manifests', file), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  );

test('a folder for each environment, with its release and a kustomization', () => {
  environment('staging', 'release: {namespace: mcp-staging}\nreplicaCount: 1\n');
  environment('prod', 'release: {name: prod, namespace: mcp-prod}\nreplicaCount: 3\n');
  const { code } = run('--notes', '--set', 'logLevel=debug');
  expect(code).toBe(0);
  expect(readdirSync(join(root, 'manifests')).sort()).toEqual(['prod', 'staging']);
  expect(readdirSync(join(root, 'manifests/prod')).sort()).toEqual([
    'NOTES.md',
    'kustomization.yaml',
    'prod.k8s.yaml',
  ]);
  expect(parse(readFileSync(join(root, 'manifests/prod/kustomization.yaml'), 'utf8'))).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['prod.k8s.yaml'],
  });
  const deployment = manifestsOf('prod/prod.k8s.yaml').find(({ kind }) => kind === 'Deployment');
  expect(deployment).toMatchObject({
    metadata: { name: 'prod-rucio-mcp', namespace: 'mcp-prod' },
    spec: { replicas: 3 },
  });
  const staging = readFileSync(join(root, 'manifests/staging/rucio-mcp.k8s.yaml'), 'utf8');
  expect(staging).toContain('"logLevel": "debug"');
  expect(readFileSync(join(root, 'manifests/prod/NOTES.md'), 'utf8')).toContain(
    'kubectl apply -k manifests/prod\n',
  );
});

test('what is wrong in any environment is told, and none is written', () => {
  environment('good', '');
  environment('one', 'replicaCount: many\n');
  environment('two', 'readOnyl: true\nrelease: {name: Bad_Name}\n');
  const { code, out, err } = run();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(`1 problem in ${root}/envs/one.yaml:`);
  expect(err).toContain(`3 problems in ${root}/envs/two.yaml:`);
  expect(existsSync(join(root, 'manifests'))).toBe(false);
});

test.each([
  ['release: prod\n', 'release is a map with the keys name and namespace'],
  ['release: {nmae: prod}\n', 'release is a map with the keys name and namespace'],
  ['release: {name: 1}\n', 'release.name is no text'],
])('refuses %j', (text, message) => {
  environment('prod', text);
  expect(run()).toMatchObject({ code: 1, err: expect.stringContaining(message) as string });
});

test('an empty directory', () => {
  expect(run()).toMatchObject({
    code: 1,
    err: `${root}/envs has no values files\nnext: put one file for each environment there, e.g. prod.yaml\n`,
  });
});

/** What a release of the chart has: a Deployment's selector can not be changed. */
test('selectors and names are those of a running Helm release', () => {
  environment('atlas', 'release: {name: atlas, namespace: mcp}\n');
  expect(run().code).toBe(0);
  const manifests = manifestsOf('atlas/atlas.k8s.yaml');
  const labels = { 'app.kubernetes.io/name': 'rucio-mcp', 'app.kubernetes.io/instance': 'atlas' };
  const find = (kind: string) => manifests.find((manifest) => manifest.kind === kind);
  expect(find('Deployment')).toMatchObject({
    metadata: { name: 'atlas-rucio-mcp' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
  });
  expect((find('Deployment')?.['spec'] as { selector: unknown }).selector).toEqual({
    matchLabels: labels,
  });
  expect(find('Service')).toMatchObject({ metadata: { name: 'atlas-rucio-mcp' } });
  expect((find('Service')?.['spec'] as { selector: unknown }).selector).toEqual(labels);
});
