import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { writeSmallBundle } from '../../synth';
import { synthCommand } from '../../../support/run-synth-command';

/** What the chart renders for a robot with a bearer in its values, in short. */
const CHART = `
apiVersion: v1
kind: Secret
metadata: {name: rucio-mcp-shared-secret}
type: Opaque
stringData: {shared-secret: ${'s3cr3t'.repeat(6)}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: rucio-mcp-pixi}
data: {pixi.toml: "[workspace]"}
---
apiVersion: v1
kind: Service
metadata: {name: rucio-mcp, labels: {app.kubernetes.io/managed-by: Helm}}
spec:
  type: ClusterIP
  ports: [{name: http, port: 80, targetPort: http}, {name: metrics, port: 9001, targetPort: metrics}]
  selector: {app.kubernetes.io/name: rucio-mcp, app.kubernetes.io/instance: rucio-mcp}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: rucio-mcp, labels: {app.kubernetes.io/managed-by: Helm}}
spec:
  replicas: 1
  selector: {matchLabels: {app.kubernetes.io/name: rucio-mcp, app.kubernetes.io/instance: rucio-mcp}}
  template:
    metadata:
      annotations: {checksum/config: 2d7184b3}
      labels: {app.kubernetes.io/name: rucio-mcp, app.kubernetes.io/instance: rucio-mcp}
    spec:
      initContainers: [{name: pixi-install, image: "ghcr.io/prefix-dev/pixi:0.69.0-jammy"}]
      containers:
        - name: rucio-mcp
          image: ghcr.io/prefix-dev/pixi:0.69.0-jammy
          command: [/bin/sh, -c]
          args:
            - |
              set -e
              exec rucio-mcp serve --transport http --forwarded-allow-ips '*' --site atlas --read-only --auth-type x509
          env:
            - {name: RUCIO_ACCOUNT, value: robot}
            - {name: RUCIO_AUTH_TYPE, value: x509}
            - {name: RUCIO_MCP_SHARED_SECRET, valueFrom: {secretKeyRef: {name: rucio-mcp-shared-secret, key: shared-secret}}}
          ports: [{name: http, containerPort: 9000}, {name: metrics, containerPort: 9001}]
          volumeMounts: [{name: workspace, mountPath: /workspace}]
      volumes:
        - {name: workspace, emptyDir: {}}
        - {name: x509-creds, secret: {secretName: rucio-x509, defaultMode: 0400}}
---
apiVersion: v1
kind: Pod
metadata: {name: rucio-mcp-test-healthz}
spec: {containers: [{name: healthz, image: "busybox:1.36"}]}
`;

const GIVEN = {
  ingress: {
    host: 'rucio-mcp.example.com',
    annotations: { 'cert-manager.io/cluster-issuer': null },
  },
  logLevel: 'info',
  replicaCount: 1,
  readOnly: 'false',
  replicas: 3,
  rucioMcp: { version: '0.7.0' },
  auth: {
    mode: 'sharedSecret',
    sites: ['atlas'],
    sharedSecret: {
      rucioAccount: 'robot',
      secretValue: 's3cr3t'.repeat(6),
      x509: { existingSecret: 'rucio-x509', certKey: 'usercert.pem', keyKey: 'userkey.pem' },
    },
  },
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-import-'));
  writeSmallBundle(join(root, 'bundle'));
  writeFileSync(join(root, 'helm.yaml'), stringify(GIVEN));
  writeFileSync(join(root, 'chart.yaml'), CHART);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  synthCommand(root, argv, { env });

const FILES = ['import-helm', '--values', 'helm.yaml', '--manifest', 'chart.yaml'];

test('writes the fewest values that say the same, which then synthesize; no bearer is in them', () => {
  const { code, out, err } = run([...FILES, '--output', 'ours.yaml']);
  expect({ code, out }).toEqual({ code: 0, out: '' });
  const values: unknown = parse(readFileSync(join(root, 'ours.yaml'), 'utf8'));
  expect(values).toEqual({
    ingress: {
      host: 'rucio-mcp.example.com',
      annotations: { 'cert-manager.io/cluster-issuer': null },
    },
    serviceMonitor: { enabled: false },
    auth: {
      mode: 'sharedSecret',
      sites: ['atlas'],
      sharedSecret: {
        rucioAccount: 'robot',
        existingSecret: 'rucio-mcp-shared-secret',
        x509: { existingSecret: 'rucio-x509', certKey: 'usercert.pem', keyKey: 'userkey.pem' },
      },
    },
  });
  expect(err).not.toContain('s3cr3t');
  expect(run(['-f', 'ours.yaml']).code).toBe(0);
});

test('tells what became of each value, and of what had no effect in the chart', () => {
  const { err } = run(FILES);
  expect(err).toContain('  replicas: the chart ignores it: unknown key');
  expect(err).toContain('  rucioMcp: is about the image of pixi');
  expect(err).toContain('  readOnly: a template takes any text for true; so the chart did');
});

test('every difference from the chart has a reason, and the switch its consequences', () => {
  const { out } = run([...FILES, '--json']);
  const { differences, outlook } = JSON.parse(out) as {
    differences: { id: string; differences: string[] }[];
    outlook: { verdict: object; consequences: { id: string; remedy: string | null }[] };
  };
  expect(differences.find(({ id }) => id === 'unexplained')).toBeUndefined();
  const of = (id: string) => differences.find((it) => it.id === id)?.differences;
  expect(of('nothing-installed-at-start')).toEqual(
    expect.arrayContaining([
      'removed ConfigMap/rucio-mcp-pixi',
      'Deployment/rucio-mcp: initContainers',
    ]),
  );
  expect(of('test-is-a-job')).toEqual(['removed Pod/rucio-mcp-test-healthz']);
  expect(of('credentials-by-variable')).toContain(
    'Deployment/rucio-mcp: container rucio-mcp, --auth-type',
  );
  expect(outlook.verdict).toMatchObject({ pods: 'roll' });
  expect(outlook.consequences.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['pods-isolated', 'service-port-removed', 'objects-left']),
  );
  // The new pods read the bearer from the Secret that the chart has made.
  const remedies = outlook.consequences.map(({ remedy }) => remedy).join('\n');
  expect(remedies).toContain('configmap/rucio-mcp-pixi');
  expect(remedies).not.toContain('secret/rucio-mcp-shared-secret');
});

test('what has to be mended first is told, with exit code 1; the values are written all the same', () => {
  const { code, out, err } = run([...FILES, '--set', 'auth.sharedSecret.rucioAccount=']);
  expect(code).toBe(1);
  expect(out).toContain('host: rucio-mcp.example.com');
  expect(err).toMatch(
    /^To mend before these values synthesize:\n {2}auth\.sharedSecret\.rucioAccount:/,
  );
});

test('--release asks helm; without helm the remedy is told', () => {
  const script = `#!/bin/sh
echo "$@" >> '${root}/calls'
case "$2" in values) exec /bin/cat '${root}/helm.yaml';; manifest) exec /bin/cat '${root}/chart.yaml';; esac
`;
  writeFileSync(join(root, 'helm'), script, { mode: 0o755 });
  const argv = ['import-helm', '--release', 'rucio-mcp', '--kube-context', 'prod'];
  const { code, out } = run(argv, { PATH: root });
  expect(code).toBe(0);
  expect(out).toContain('existingSecret: rucio-mcp-shared-secret');
  expect(readFileSync(join(root, 'calls'), 'utf8')).toBe(
    'get values rucio-mcp --namespace mcp --kube-context prod -o yaml\n' +
      'get manifest rucio-mcp --namespace mcp --kube-context prod\n',
  );
  expect(run(argv, { PATH: join(root, 'bundle') }).err).toContain('give files with --values');
});

test('without a release or a manifest there is nothing to import', () => {
  expect(run(['import-helm', '--values', 'helm.yaml'])).toMatchObject({ code: 1, out: '' });
});
