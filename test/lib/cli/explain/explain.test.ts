import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { explain } from '../../../../lib/cli/explain/explain';
import type { ResourcesDescription } from '../../../../lib/cli/explain/explain-resources';
import type { ValueDescription } from '../../../../lib/cli/explain/explain-value';
import { rootNode } from '../../../../lib/cli/explain/find-node';
import { childrenOf, leavesOf } from '../../../../lib/cli/explain/schema-node';
import { mergeValues } from '../../../../lib/cli/values/merge-values';
import type { ValuesMap } from '../../../../lib/cli/values/values-map';
import { DEFAULT_RELEASE } from '../../../../lib/contract/release';
import { validValues, writeSmallBundle } from '../../synth';

let bundleDirectory: string;
beforeAll(() => {
  bundleDirectory = mkdtempSync(join(tmpdir(), 'rucio-mcp-explain-'));
  writeSmallBundle(bundleDirectory);
});
afterAll(() => rmSync(bundleDirectory, { recursive: true, force: true }));

const run = (value: string | undefined, json: boolean, files: readonly ValuesMap[]) =>
  explain({
    values: mergeValues({ files }),
    release: DEFAULT_RELEASE,
    value,
    json,
    bundleDirectory,
  });
const valid = [validValues() as ValuesMap];
const describeValue = (value: string, files = valid) =>
  JSON.parse(run(value, true, files)) as ValueDescription & { readonly isExample: boolean };

test('a value: type, default, example, and what another one changes', () => {
  expect(describeValue('logLevel')).toMatchObject({
    value: 'logLevel',
    default: 'info',
    type: expect.stringContaining('"debug"') as string,
    effect: { changes: ['ConfigMap/rucio-mcp-config', 'Deployment/rucio-mcp'], podsRestart: true },
    isExample: false,
  });
  expect(describeValue('service.port')).toMatchObject({
    type: 'integer',
    allowed: '1 to 65535',
    default: 80,
    effect: {
      changes: expect.arrayContaining(['Service/rucio-mcp']) as string[],
      podsRestart: false,
    },
  });
});

test('a switch: what it adds and takes away', () => {
  expect(describeValue('networkPolicy.enabled').effect).toMatchObject({
    removes: ['NetworkPolicy/rucio-mcp'],
    podsRestart: false,
  });
});

test('a section: what is in it, the arms of a choice together', () => {
  expect(describeValue('ingress').below.map(({ value }) => value)).toEqual(
    expect.arrayContaining(['ingress.enabled', 'ingress.host', 'ingress.tls']),
  );
  const kind = describeValue('runtime').below.find(({ value }) => value === 'runtime.kind');
  expect(kind?.type).toBe('"bundle" | "image" | "pixi"');
});

test('without values that make a deployment, an example is used and that is told', () => {
  expect(describeValue('auth.mode', [])).toMatchObject({
    default: 'oidc',
    effect: { podsRestart: true },
    isExample: true,
  });
  expect(run('auth.mode', false, [])).toContain('Tried on an example');
});

test.each([
  'rucioAccount',
  'userpass.usernameKey',
  'x509.certKey',
  'x509.proxyKey',
  'ssh.existingSecret',
  'gss.principal',
  'saml.identityProvider',
  'oidc.tokenEndpoint',
])('auth.sharedSecret.%s is tried on a robot that has it', (value) => {
  const { effect, isExample } = describeValue(`auth.sharedSecret.${value}`, []);
  expect(isExample).toBe(true);
  expect(effect?.changes).toContain('Deployment/rucio-mcp');
  expect(effect?.podsRestart).toBe(true);
});

test('as text', () => {
  const text = run('auth.mode', false, []);
  expect(text).toContain('VALUE    auth.mode\n');
  expect(text).toContain('TYPE     "oidc" | "sharedSecret"\nDEFAULT  "oidc"\n');
  expect(text).toContain('EXAMPLE  auth:\n           mode: sharedSecret\n');
  expect(text).toMatch(/CHANGES {2}ConfigMap\/rucio-mcp-config\n {9}Deployment\/rucio-mcp\n/);
  expect(text).toContain('PODS     restart\n');
});

test.each([
  ['auth.mdoe', 'there is no value below auth that is called "mdoe"; did you mean "mode"?'],
  ['nothing', 'there is no value called "nothing"'],
  ['readOnly.x', 'readOnly has no values below it'],
])('refuses %s', (value, message) => {
  expect(() => run(value, false, valid)).toThrow(message);
});

test('resources: why each is there, and what shapes it', () => {
  const { resources, notMade, restartPods } = JSON.parse(
    run(undefined, true, valid),
  ) as ResourcesDescription;
  const find = (name: string) => resources.find(({ resource }) => resource === name);
  expect(find('Ingress/rucio-mcp')).toMatchObject({
    madeBy: 'ServerIngress',
    because: ['ingress.enabled=true'],
    shapedBy: expect.arrayContaining(['ingress.host', 'ingress.tls.enabled']) as string[],
  });
  expect(find('Deployment/rucio-mcp')).toMatchObject({
    because: [],
    shapedBy: expect.arrayContaining(['replicaCount', 'logLevel']) as string[],
    policies: ['NetworkPolicy/rucio-mcp'],
    reads: expect.arrayContaining(['Secret/rucio-robot (username, password)']) as string[],
    facts: expect.arrayContaining(['ports http 9000, metrics 9001']) as string[],
  });
  expect(find('Deployment/rucio-mcp')?.checks).toEqual(
    expect.arrayContaining(['references', 'files', 'pod security', 'resources']),
  );
  expect(find('NetworkPolicy/rucio-mcp')?.checks).toContain('network');
  expect(find('Ingress/rucio-mcp')?.checks).not.toContain('pod security');
  expect(find('Ingress/rucio-mcp')?.shapedBy).not.toContain('replicaCount');
  expect(notMade.map(({ resource }) => resource)).toContain('HorizontalPodAutoscaler');
  expect(restartPods).toContain('logLevel');
  expect(restartPods).not.toContain('service.port');
});

test('every check of a synth is told, with what it proves, and looks at something', () => {
  const { resources, checks } = JSON.parse(run(undefined, true, valid)) as ResourcesDescription;
  const made = new Set(resources.flatMap((resource) => resource.checks));
  expect([...made].sort()).toEqual(checks.map(({ check }) => check).sort());
  const text = run(undefined, false, valid);
  for (const { proves } of checks) expect(text).toContain(proves);
});

test('no value of a secret is shown', () => {
  const secretValue = 'c0ffee'.repeat(8);
  const files = [...valid, { auth: { sharedSecret: { existingSecret: '', secretValue } } }];
  for (const json of [false, true]) expect(run(undefined, json, files)).not.toContain(secretValue);
  expect(run('auth.sharedSecret.secretValue', false, files)).not.toContain(secretValue);
});

test('every value of the schema has a type and is found by its name', () => {
  const leaves = leavesOf(rootNode());
  expect(leaves.length).toBeGreaterThan(100);
  expect(leaves.filter(({ path }) => path === '' || path.endsWith('.'))).toEqual([]);
  expect(childrenOf(rootNode()).map(({ path }) => path)).toContain('auth');
});
