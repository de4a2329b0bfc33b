import type { Manifest } from '../../../../lib/constructs/checks/manifest';
import { outlook } from '../../../../lib/cli/diff/consequences/consequences';
import { reportText } from '../../../../lib/cli/diff/report';
import { stateDiff } from '../../../../lib/cli/diff/state-diff';
import { mergeValues } from '../../../../lib/cli/values/merge-values';
import { parseManifests } from '../../../../lib/cli/diff/state';
import { synthManifests } from '../../synth';
import { OIDC, ROBOT, ROWS, type Values } from './consequence-rows';

const NAMESPACE = 'mcp';

function state(...values: readonly Values[]): readonly Manifest[] {
  const items = synthManifests({ values: mergeValues({ files: values }), allowUnserved: true });
  return parseManifests(JSON.stringify({ kind: 'List', items }), 'test', { namespace: NAMESPACE });
}

function between(before: readonly Manifest[], after: readonly Manifest[]) {
  return outlook(before, after, stateDiff(before, after), { namespace: NAMESPACE });
}

test.each(ROWS)('$title', ({ base = OIDC, old = {}, fresh = {}, ids, ...verdict }) => {
  const { consequences, verdict: found } = between(state(base, old), state(base, fresh));
  const told = consequences.map(({ id }) => id);
  expect([...told].sort()).toEqual([...ids].sort());
  const { pods = 'roll', logins = 'kept', downtime = 'no' } = verdict;
  expect(found).toMatchObject({ pods, logins, downtime });
});

/** Objects that a deployment may bring with `extraObjects`. */
function extra(kind: string, body: object): Manifest {
  return { apiVersion: 'v1', kind, metadata: { name: 'x', namespace: NAMESPACE }, ...body };
}

test.each([
  ['ConfigMap', { immutable: true, data: { a: '1' } }, { immutable: true, data: { a: '2' } }],
  ['Job', { spec: { template: { spec: 1 } } }, { spec: { template: { spec: 2 } } }],
  ['Service', { spec: { clusterIP: 'None' } }, { spec: { clusterIP: '10.0.0.1' } }],
  ['Secret', { type: 'Opaque' }, { type: 'kubernetes.io/tls' }],
  [
    'PersistentVolumeClaim',
    { spec: { resources: { requests: { storage: '2Gi' } } } },
    { spec: { resources: { requests: { storage: '1Gi' } } } },
  ],
  ['RoleBinding', { roleRef: { name: 'a' } }, { roleRef: { name: 'b' } }],
])('a field of %s that can not be changed is told before the apply', (kind, old, fresh) => {
  const { consequences } = between([extra(kind, old)], [extra(kind, fresh)]);
  expect(consequences).toMatchObject([{ id: 'immutable-field', severity: 'error' }]);
  expect(consequences[0]?.remedy).toMatch(/delete|another name/);
});

test.each([
  ['ConfigMap', { data: { a: '1' } }, { data: { a: '2' } }],
  [
    'PersistentVolumeClaim',
    { spec: { resources: { requests: { storage: '1Gi' } } } },
    { spec: { resources: { requests: { storage: '2048Mi' } } } },
  ],
])('what may change of %s is no problem', (kind, old, fresh) => {
  expect(between([extra(kind, old)], [extra(kind, fresh)]).consequences).toEqual([]);
});

test('a first deployment: the Secrets to make with their commands, and nobody to disturb', () => {
  const { consequences, verdict } = between([], state(ROBOT, { auth: { oidc: {} } }));
  expect(verdict).toEqual({ pods: 'start', logins: 'none', downtime: 'no', actions: 2 });
  expect(consequences.map(({ remedy }) => remedy)).toEqual([
    'kubectl -n mcp create secret generic bearer --from-literal=shared-secret="$(openssl rand -hex 32)"',
    'kubectl -n mcp create secret generic rucio-robot --from-file=username=username --from-file=password=password',
  ]);
});

test('without a Deployment there are no logins to keep', () => {
  const { verdict } = between(state(OIDC), []);
  expect(verdict).toMatchObject({ pods: 'stop', logins: 'none', downtime: 'yes' });
});

test.each([
  ['rucio-mcp-shared-secret', 'at risk'],
  ['another', 'kept'],
])('the Secret %s of the manifests is not compared with the cluster: logins %s', (name, logins) => {
  const after = state(ROBOT, {
    auth: { sharedSecret: { existingSecret: '', secretValue: 'b'.repeat(32) } },
  });
  const cluster = {
    secrets: new Set(['rucio-robot', name]),
    unread: [name],
    skippedKinds: [],
    unknownKinds: [],
    foreignFields: [],
  };
  const found = outlook(after, after, stateDiff(after, after), { namespace: NAMESPACE, cluster });
  expect(found.consequences).toMatchObject([{ id: 'secret-not-compared', severity: 'warning' }]);
  expect(found.verdict.logins).toBe(logins);
});

test('terminal escapes in objects of a cluster are shown and not obeyed', () => {
  const escape = '\u001b[2J\u001b]0;owned\u0007\u202E';
  const before = [extra('ConfigMap', { data: { [`a${escape}`]: escape } })];
  const diff = stateDiff(before, [extra('ConfigMap', { data: { b: '1' } })]);
  const cluster = {
    secrets: undefined,
    unread: [],
    skippedKinds: [`x${escape}`],
    unknownKinds: [],
    foreignFields: [{ object: 'ConfigMap/x', path: escape }],
  };
  const found = outlook(before, before, diff, { namespace: NAMESPACE, cluster });
  const release = { name: 'one', namespace: NAMESPACE };
  const report = { release, environment: '', against: 'the cluster', diff, outlook: found };
  const text = reportText([report], { isColoured: false });
  expect(text).not.toMatch(/[\u001b\u0007\u202E]/);
  expect(text.split('\\u{1B}]0;owned\\u{7}\\u{202E}').length).toBeGreaterThan(4);
});

test('what a cluster tells: Secrets that are there, kinds that are not', () => {
  const after = state(ROBOT);
  const cluster = {
    secrets: new Set(['bearer']),
    unread: [],
    skippedKinds: [],
    unknownKinds: ['ServiceMonitor (monitoring.coreos.com/v1)'],
    foreignFields: [],
  };
  const found = outlook([], after, stateDiff([], after), { namespace: NAMESPACE, cluster });
  const told = found.consequences.filter(({ severity }) => severity === 'error');
  expect(told.map(({ message }) => message)).toEqual([
    'the Secret rucio-robot (username, password) has to exist; the pods wait for it',
    'the cluster does not know the kind ServiceMonitor (monitoring.coreos.com/v1); the apply fails',
  ]);
});
