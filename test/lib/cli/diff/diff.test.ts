import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { BUNDLE_MANIFEST_FILE } from '../../../../lib/bundle/manifest';
import { packBundle, toManifest } from '../../../../lib/bundle/pack';
import { ORIGIN, validValues, writeSmallBundle } from '../../synth';
import { type SynthCommandOptions, synthCommand } from '../../../support/run-synth-command';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-diff-'));
  writeSmallBundle(join(root, 'bundle'));
  writeFileSync(join(root, 'values.yaml'), stringify(validValues()));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (argv: readonly string[], options: SynthCommandOptions = {}) =>
  synthCommand(root, argv, options);

const diff = (...argv: readonly string[]) => run(['diff', ...argv]);

/** Another server in the bundle. */
function writeOtherBundle(): void {
  const bundle = packBundle(Buffer.from('another server, longer'), { ...ORIGIN, version: '2.0.0' });
  mkdirSync(join(root, 'bundle'), { recursive: true });
  for (const { file, content } of bundle.chunks) {
    writeFileSync(join(root, 'bundle', file), content);
  }
  writeFileSync(join(root, 'bundle', BUNDLE_MANIFEST_FILE), JSON.stringify(toManifest(bundle)));
}

test('the same values against the last output: no differences, exit code 0', () => {
  run([]);
  expect(diff()).toEqual({
    code: 0,
    out: 'rucio-mcp in namespace mcp, against manifests/rucio-mcp.k8s.yaml\n\nNo differences.\n',
    err: '',
  });
});

test('what changes, by meaning and in words, and what follows: exit code 1, nothing written', () => {
  run([]);
  const before = readFileSync(join(root, 'manifests/rucio-mcp.k8s.yaml'), 'utf8');
  const { code, out, err } = diff(
    ...['--set', 'replicaCount=2', '--set', 'limits.callSeconds=20'],
    ...['--set', 'extraEnv[0].name=A', '--set', 'extraEnv[0].value=b'],
  );
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain(
    [
      '~ ConfigMap mcp/rucio-mcp-config',
      '    ~ server.json.limits.callSeconds: 60 → 20',
      '~ Deployment mcp/rucio-mcp',
      '    ~ replicas: 1 → 2',
    ].join('\n'),
  );
  expect(out).toContain('    + container rucio-mcp, variable A: {"name":"A","value":"b"}\n');
  expect(out).toContain('+ PodDisruptionBudget mcp/rucio-mcp\n');
  expect(out).toContain('\npods: are replaced | logins: kept | downtime: no\n');
  expect(out).toContain('NOTE  limits: limits.callSeconds is 20, not 60');
  expect(readFileSync(join(root, 'manifests/rucio-mcp.k8s.yaml'), 'utf8')).toBe(before);
});

test('another server is one line, not a change of every object', () => {
  run([]);
  writeOtherBundle();
  const { code, out } = diff();
  expect(code).toBe(1);
  expect(out).toMatch(/^~ server 1\.2\.3 \([0-9a-f]{12}\) → server 2\.0\.0 \([0-9a-f]{12}\)$/m);
  expect(out).toMatch(/^~ version label 1\.2\.3 → 2\.0\.0 on \d+ objects$/m);
  expect(out).not.toMatch(/^. ConfigMap|BUNDLE_SHA256|Deployment mcp/m);
  expect(out).toContain('pods: are replaced');
  expect(out).toMatch(
    /stays in the cluster; a rollback needs it\n.*delete configmap\/rucio-mcp-bundle-0-/,
  );
});

test('rollback: the manifests of before bring everything back that they name', () => {
  run(['--output', 'old']);
  writeOtherBundle();
  run(['--output', 'new']);
  const back = JSON.parse(diff('--against', 'new', '--output', 'json').out) as {
    deployments: { isDifferent: boolean }[];
  };
  expect(back.deployments[0]?.isDifferent).toBe(false);
  writeSmallBundle(join(root, 'bundle'));
  expect(diff('--against', 'old').code).toBe(0);
});

test('values of Secrets are compared and never shown, in no format', () => {
  const bearer = (letter: string) => [
    '--set',
    'auth.sharedSecret.existingSecret=',
    '--set',
    `auth.sharedSecret.secretValue=${letter.repeat(40)}`,
  ];
  run(bearer('a'));
  expect(diff(...bearer('a')).code).toBe(0);
  const text = diff(...bearer('b'));
  const json = diff(...bearer('b'), '--output', 'json');
  expect(text.out).toContain('shared-secret: (not shown) → (not shown)');
  expect(text.out).toContain('logins: lost');
  for (const { code, out } of [text, json]) {
    expect(code).toBe(1);
    for (const secret of ['a'.repeat(40), 'b'.repeat(40)]) {
      expect(out).not.toContain(secret);
      expect(out).not.toContain(Buffer.from(secret).toString('base64'));
    }
  }
});

test('--output json says the same for programs', () => {
  run([]);
  const { code, out } = diff('--set', 'replicaCount=2', '--output', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    deployments: [
      {
        name: 'rucio-mcp',
        namespace: 'mcp',
        environment: null,
        isDifferent: true,
        verdict: { pods: 'stay', logins: 'kept', downtime: 'no', actions: 0 },
        objects: [
          {
            action: 'changed',
            kind: 'Deployment',
            changes: [{ path: 'spec.replicas', words: 'replicas', before: 1, after: 2 }],
          },
          { action: 'added', kind: 'PodDisruptionBudget' },
        ],
      },
    ],
  });
});

test('colour: on a terminal, unless NO_COLOR says no', () => {
  run([]);
  const argv = ['diff', '--set', 'replicaCount=2'];
  const escape = '\u001b[';
  expect(run(argv).out).not.toContain(escape);
  expect(run(argv, { isTerminal: true }).out).toContain(`${escape}33m    ~ replicas: 1 → 2`);
  expect(run(argv, { isTerminal: true, env: { NO_COLOR: '1' } }).out).not.toContain(escape);
});

test('--against a directory with several releases looks at the own one', () => {
  run(['--name', 'one']);
  run(['--name', 'two', '--set', 'replicaCount=3']);
  expect(diff('--name', 'one', '--against', 'manifests').code).toBe(0);
  expect(diff('--name', 'two', '--against', 'manifests').out).toContain('replicas: 3 → 1');
});

test('--against a directory or file of other tools: YAML 1.1, Lists, objects without namespace', () => {
  run([]);
  const list = (mode: string) => `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: rucio-mcp, uid: x}, automountServiceAccountToken: ${mode}}
`;
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other/all.yml'), list('off'));
  const { out } = diff('--against', 'other');
  expect(out).not.toContain('automountServiceAccountToken');
  expect(out).toContain('~ ServiceAccount mcp/rucio-mcp\n');
  writeFileSync(join(root, 'other/all.yml'), list('on'));
  expect(diff('--against', 'other/all.yml').out).toContain(
    '~ automountServiceAccountToken: true → false',
  );
});

test('environments: each against its own folder', () => {
  mkdirSync(join(root, 'envs'));
  for (const name of ['prod', 'test']) writeFileSync(join(root, `envs/${name}.yaml`), '{}\n');
  const argv = ['--environments', 'envs'];
  run([...argv, '--output', 'deploy']);
  writeFileSync(join(root, 'envs/prod.yaml'), 'replicaCount: 2\n');
  const { code, out } = diff(...argv, '--against', 'deploy');
  expect(code).toBe(1);
  expect(out).toMatch(/prod: .* against deploy\/prod\/rucio-mcp\.k8s\.yaml\n\n~ Deployment/);
  expect(out).toMatch(/test: .*\n\nNo differences/);
});

test.each([
  [['--against', 'none'], 'can not read'],
  [[], 'name the last output with --against'],
  [['--output', 'dir'], 'diff writes no manifests to dir'],
  [['--cluster', '--against', 'x'], 'exclude each other'],
  [['--set', 'replicaCount=-1'], 'replicaCount'],
  [['--nonsense'], 'unknown option'],
])('%j is a problem: exit code 2', (argv, message) => {
  const { code, out, err } = diff(...argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});

test('what is no manifest is told with its file', () => {
  writeFileSync(join(root, 'list.yaml'), '- a\n');
  expect(diff('--against', 'list.yaml')).toMatchObject({
    code: 2,
    err: `${root}/list.yaml holds a document that is no Kubernetes object\nnext: give manifests: YAML with apiVersion, kind and metadata.name\n`,
  });
});
