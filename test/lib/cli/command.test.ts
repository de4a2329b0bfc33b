import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
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

import { stringify } from 'yaml';

import { Values } from '../../../lib/contract/values/values';
import { bundleSynth } from '../../../scripts/build/bundle-code';
import { writeCodeCache } from '../../../scripts/build/code-cache';
import { validValues, writeSmallBundle } from '../synth';
import { synthCommand } from '../../support/run-synth-command';

const repository = join(__dirname, '../../..');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-synth-'));
  writeSmallBundle(join(root, 'dist/bundle'));
  writeFileSync(join(root, 'values.yaml'), stringify(validValues()));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  synthCommand(root, argv, { env, bundle: 'dist/bundle' });

const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('reads values.yaml and writes to manifests/, nothing else', () => {
  const { code, out, err } = run([]);
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain(
    `wrote ${root}/manifests/rucio-mcp.k8s.yaml\n\n# rucio-mcp in namespace mcp`,
  );
  expect(readdirSync(join(root, 'manifests'))).toEqual(['rucio-mcp.k8s.yaml']);
  expect(read('manifests/rucio-mcp.k8s.yaml')).toContain('kind: Deployment');
});

test('- is standard output', () => {
  const { code, out } = run(['--output', '-']);
  expect(code).toBe(0);
  expect(out).toContain('kind: Deployment');
  expect(existsSync(join(root, 'manifests'))).toBe(false);
});

test('name and namespace: options win over the environment', () => {
  const env = { RUCIO_MCP_NAME: 'env', RUCIO_MCP_NAMESPACE: 'env-ns' };
  expect(run(['--output', '-'], env).out).toContain('name: env-rucio-mcp\n  namespace: env-ns');
  const { out } = run(['--output', '-', '--name', 'prod', '-n', 'rucio'], env);
  expect(out).toContain('name: prod-rucio-mcp\n  namespace: rucio');
});

test('several files, the last wins; -f wins over the environment', () => {
  writeFileSync(join(root, 'more.yaml'), 'replicaCount: 2\nlogLevel: debug\n');
  writeFileSync(join(root, 'last.yaml'), 'replicaCount: 3\n');
  const files = ['-f', 'values.yaml', '-f', 'more.yaml', '--values', 'last.yaml'];
  const { out } = run([...files, '--output', '-'], { RUCIO_MCP_VALUES: 'missing.yaml' });
  expect(out).toContain('replicas: 3');
  expect(out).toContain('"logLevel": "debug"');
});

test('the environment names the values where no option does', () => {
  writeFileSync(join(root, 'named.yaml'), stringify({ ...validValues(), replicaCount: 4 }));
  expect(run(['--output', '-'], { RUCIO_MCP_VALUES: 'named.yaml' }).out).toContain('replicas: 4');
});

test('the --set family wins over files, and is told all at once where it has no meaning', () => {
  writeFileSync(join(root, 'site.txt'), 'dune');
  const args = ['--set', 'replicaCount=5', '--set-string', 'podLabels.tier=1'];
  const { out } = run([...args, '--set-file', 'auth.sites[0]=site.txt', '--output', '-']);
  expect(out).toContain('replicas: 5');
  expect(out).toContain('tier: "1"');
  expect(out).toContain('"name": "dune"');
  expect(run(['--set', 'a', '--set-json', 'b=c', '--set-file', 'd=none'])).toMatchObject({
    code: 1,
    out: '',
    err:
      '--set-json: the value is not JSON: texts need double quotes, and so do keys\n' +
      '--set: "a" has no value\n' +
      `--set-file: can not read ${root}/none (ENOENT)\nnext: check the name of the file\n`,
  });
});

test('one -f can name several files', () => {
  writeFileSync(join(root, 'a,b.yaml'), 'replicaCount: 7\n');
  expect(run(['-f', 'values.yaml,"a,b.yaml"', '--output', '-']).out).toContain('replicas: 7');
});

test('what is wrong with several files is told at once', () => {
  writeFileSync(join(root, 'list.yaml'), '- a\n');
  const { code, err } = run(['-f', 'none.yaml', '-f', 'list.yaml']);
  expect(code).toBe(1);
  expect(err).toContain(`can not read ${root}/none.yaml (ENOENT)`);
  expect(err).toContain(`${root}/list.yaml is not a map of values`);
});

test('--strict makes errors of warnings and of notes', () => {
  writeFileSync(join(root, 'twice.yaml'), 'replicaCount: 1\nreplicaCount: 2\n');
  const args = ['-f', 'values.yaml', '-f', 'twice.yaml', '--set', 'rucioMcp.version=1.0'];
  const loose = run(args);
  expect(loose.code).toBe(0);
  expect(loose.err).toContain('line 2: the key "replicaCount" stands twice; this one counts');
  rmSync(join(root, 'manifests'), { recursive: true });
  const { code, err } = run([...args, '--strict']);
  expect(code).toBe(1);
  expect(err).toContain('stands twice');
  expect(err).toContain('note: rucioMcp: is for runtime.kind pixi only, and is ignored');
  expect(err).toContain('with --strict these are errors');
  expect(existsSync(join(root, 'manifests'))).toBe(false);
});

test('--show-only prints only what it names', () => {
  const { code, out } = run(['--show-only', 'service/rucio-mcp', '--show-only', 'Ingress']);
  expect(code).toBe(0);
  expect(out.match(/^kind: .*/gm)).toEqual(['kind: Service', 'kind: Ingress']);
  expect(existsSync(join(root, 'manifests'))).toBe(false);
  const wrong = run(['--show-only', 'CronJob']);
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toMatch(/^there is no CronJob\nnext: choose of: .*Deployment\/rucio-mcp/);
});

test('--notes writes what is told on standard error', () => {
  const { err } = run(['--notes']);
  expect(err).toContain(`wrote ${root}/manifests/NOTES.md\n\n${read('manifests/NOTES.md')}`);
});

test('without values: one message', () => {
  rmSync(join(root, 'values.yaml'));
  expect(run([])).toEqual({
    code: 1,
    out: '',
    err:
      `there are no values: no -f option, and no values.yaml in ${root}\n` +
      'next: write a values file and name it with -f FILE\n',
  });
});

test('a file that is not there', () => {
  expect(run(['-f', 'nowhere.yaml'])).toMatchObject({
    code: 1,
    err: `can not read ${root}/nowhere.yaml (ENOENT)\nnext: check the name of the file\n`,
  });
});

test('all problems at once, exit code 1, and the old manifests stay', () => {
  run([]);
  const before = read('manifests/rucio-mcp.k8s.yaml');
  writeFileSync(
    join(root, 'bad.yaml'),
    'readOnyl: true\nreplicaCount: many\nservice: {port: 99999}\nauth: {sites: [atlas, cms]}\n',
  );
  const { code, out, err } = run(['-f', 'values.yaml', '-f', 'bad.yaml']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('4 problems in the values:');
  expect(err).toContain('readOnyl: unknown key; did you mean "readOnly"?');
  expect(err).toContain('replicaCount: is a string, not a');
  expect(err).toContain('service.port: is too large');
  expect(err).toContain('auth.sites: auth.mode=sharedSecret serves exactly one site');
  expect(readdirSync(join(root, 'manifests'))).toEqual(['rucio-mcp.k8s.yaml']);
  expect(read('manifests/rucio-mcp.k8s.yaml')).toBe(before);
});

test('manifests that fail a check are not written', () => {
  writeFileSync(join(root, 'root.yaml'), 'securityContext: {privileged: true}\n');
  const { code, err } = run(['-f', 'values.yaml', '-f', 'root.yaml']);
  expect(code).toBe(1);
  expect(err).toContain(
    'Deployment mcp/rucio-mcp is not restricted: container rucio-mcp: privileged',
  );
  expect(err).not.toMatch(/^\s+at /m);
  expect(existsSync(join(root, 'manifests'))).toBe(false);
});

test('a directory that can not be made', () => {
  writeFileSync(join(root, 'file'), '');
  expect(run(['--output', 'file/manifests'])).toMatchObject({
    code: 1,
    err: `can not write ${root}/file/manifests/rucio-mcp.k8s.yaml (ENOTDIR)\nnext: choose another --output\n`,
  });
});

test('other files of the directory stay', () => {
  mkdirSync(join(root, 'manifests'));
  writeFileSync(join(root, 'manifests/mine.yaml'), 'kind: Mine\n');
  run([]);
  expect(readdirSync(join(root, 'manifests')).sort()).toEqual(['mine.yaml', 'rucio-mcp.k8s.yaml']);
});

test.each([
  [['--name', 'Prod_1'], 'release.name: "Prod_1" is not a release name'],
  [['--namespace', 'a/b'], 'release.namespace: "a/b" is not a namespace'],
  [['--nam', 'x'], "unknown option '--nam'"],
  [['extra'], 'too many arguments'],
])('refuses %j', (argv, message) => {
  const { code, err } = run(argv);
  expect(code).toBe(1);
  expect(err).toContain(message);
});

test('--help and --version end well, and help has every section of values', () => {
  const help = run(['--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  for (const name of Object.keys(Values.shape)) expect(help.out).toContain(`\n  ${name} `);
  expect(run(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
});

test('the built command and cdk8s synth give the same bytes', async () => {
  await bundleSynth(repository, join(root, 'dist'));
  copyFileSync(join(repository, 'cdk8s.yaml'), join(root, 'cdk8s.yaml'));
  const env = { PATH: process.env['PATH'], CDK8S_CHECK_UPGRADE: 'false' };

  execFileSync(process.execPath, ['dist/main.js', '--output', 'direct'], {
    cwd: root,
    env,
    stdio: 'pipe',
  });
  const cdk8s = spawnSync(
    process.execPath,
    [join(repository, 'node_modules/cdk8s-cli/bin/cdk8s'), 'synth'],
    { cwd: root, env, encoding: 'utf8' },
  );
  expect(cdk8s).toMatchObject({ status: 0 });
  expect(read('manifests/rucio-mcp.k8s.yaml')).toBe(read('direct/rucio-mcp.k8s.yaml'));
  expect(read('direct/rucio-mcp.k8s.yaml')).toBe(run(['--output', '-']).out);
});

test('a code cache is used for the very text that it was made from, and for no other', async () => {
  const dist = join(root, 'dist');
  await bundleSynth(repository, dist);
  writeCodeCache(repository, dist);
  const caches = () => readdirSync(dist).filter((file) => file.endsWith('.cache'));
  const [cache = ''] = caches();
  const synth = () =>
    execFileSync(process.execPath, ['dist/main.js', '--output', '-'], {
      cwd: root,
      env: {},
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const fast = synth();
  writeFileSync(join(dist, cache), 'no code');
  expect(synth()).toBe(fast);
  writeFileSync(join(dist, 'command.cjs'), `${read('dist/command.cjs')}\n`);
  writeCodeCache(repository, dist);
  expect(caches()).toHaveLength(1);
  expect(caches()).not.toContain(cache);
});

test('the same sources build the same command', async () => {
  await bundleSynth(repository, join(root, 'one'));
  await bundleSynth(repository, join(root, 'two'));
  expect(read('one/main.js')).toBe(read('two/main.js'));
  expect(read('one/command.cjs')).toBe(read('two/command.cjs'));
});
