import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { readCluster } from '../../../../lib/cli/diff/cluster';
import { parseManifests } from '../../../../lib/cli/diff/state';
import { stateDiff } from '../../../../lib/cli/diff/state-diff';
import { pathWords } from '../../../../lib/cli/diff/words';
import { mergeValues } from '../../../../lib/cli/values/merge-values';
import { validValues, writeSmallBundle } from '../../synth';
import { synthCommand } from '../../../support/run-synth-command';

/**
 * Answers as a kube-apiserver 1.35.4 gave them to kubectl, without status. The object was made with
 * `kubectl apply`, with `kubectl apply --server-side`, and by the field manager `helm`.
 */
const RECORDED = join(__dirname, 'recorded');

/** A kubectl that says what was recorded, and writes down how it was called. */
const KUBECTL = `#!${process.execPath}
const fs = require('node:fs');
const [verb, ...args] = process.argv.slice(2);
fs.appendFileSync(process.env.CALLS, [verb, ...args].join(' ') + '\\n');
if (process.env.ESCAPES) {
  console.error('\\u001b[2Jno such host\\u0007');
  process.exit(1);
} else if (verb === 'api-resources') {
  console.log('configmaps cm v1 true ConfigMap\\nservices svc v1 true Service\\nserviceaccounts sa v1 true ServiceAccount\\n' +
    'secrets v1 true Secret\\ndeployments deploy apps/v1 true Deployment\\nnetworkpolicies netpol networking.k8s.io/v1 true NetworkPolicy\\n' +
    'ingresses ing networking.k8s.io/v1 true Ingress');
  if (process.env.BROKEN_API) {
    console.error('error: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery');
    process.exit(1);
  }
} else if (args.includes('-l') && args[0].includes(process.env.FORBIDDEN_KIND ?? 'none')) {
  console.error('Error from server (Forbidden): ' + process.env.FORBIDDEN_KIND + ' is forbidden: User "x" cannot list resource');
  process.exit(1);
} else if (args[0] === 'secrets') {
  if (process.env.FORBIDDEN) {
    console.error('Error from server (Forbidden): secrets "x" is forbidden');
    process.exit(1);
  }
  console.log(process.env.SECRETS ?? '');
} else if (process.env.RECORDED) {
  const answers = JSON.parse(fs.readFileSync(process.env.RECORDED, 'utf8'));
  console.log(JSON.stringify(args.includes('-l') ? answers.labelled : answers.named));
} else {
  console.log(args.includes('-l') ? '{"apiVersion":"v1","kind":"List","items":[]}' : '');
}
`;

const RELEASE = { name: 'one', namespace: 'mcp' };
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-cluster-'));
  writeFileSync(join(root, 'kubectl'), KUBECTL, { mode: 0o755 });
  writeFileSync(join(root, 'calls'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const env = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: root,
  CALLS: join(root, 'calls'),
  ...more,
});
const calls = () => readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');

/** What was applied, with another image, and without the variable, the port and the label "gone". */
const WANTED = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: server
  namespace: mcp
  labels: {app.kubernetes.io/name: rucio-mcp, app.kubernetes.io/instance: one, app.kubernetes.io/part-of: rucio-mcp}
spec:
  replicas: 1
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server}}
    spec:
      containers:
        - name: rucio-mcp
          image: node:26
          args: [serve, --site, atlas]
          env: [{name: KEPT, value: a}]
          ports: [{name: http, containerPort: 9000}]
          resources: {limits: {cpu: "1"}}
`;

function compare(how: string, more: Readonly<Record<string, string>> = {}) {
  const wanted = parseManifests(WANTED, 'test', RELEASE);
  const { objects, facts } = readCluster(wanted, {
    release: RELEASE,
    cwd: root,
    env: env({ RECORDED: join(RECORDED, `${how}.json`), ...more }),
  });
  const told = stateDiff(objects, wanted).objects.flatMap(({ action, kind, name, changes }) => {
    return [`${action} ${kind}/${name}`, ...changes.map(({ path }) => pathWords(path))];
  });
  return { told, facts };
}

const GONE = [
  'container rucio-mcp, image',
  'container rucio-mcp, variable GONE',
  'container rucio-mcp, port old',
];

test.each(['client-side', 'server-side'])(
  'against what %s apply has left: what is set, and what is set no more; no defaults, no other hands',
  (how) => {
    const { told, facts } = compare(how);
    expect([...told].sort()).toEqual(
      ['changed Deployment/server', 'label gone', ...GONE, 'removed ConfigMap/leftover'].sort(),
    );
    expect(facts.foreignFields).toEqual([]);
  },
);

test('against what Helm has left: fields that no apply would remove are told as well', () => {
  const { told, facts } = compare('helm');
  expect([...told].sort()).toEqual(
    ['changed Deployment/server', ...GONE, 'removed ConfigMap/leftover'].sort(),
  );
  expect(facts.foreignFields.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['container rucio-mcp, variable GONE', 'container rucio-mcp, port old']),
  );
});

test('an aggregated API that is down does not keep the others from being known', () => {
  expect(compare('client-side', { BROKEN_API: '1' })).toEqual(compare('client-side'));
});

test('a kind that may not be listed is told; all others are asked for one by one', () => {
  const { told, facts } = compare('client-side', { FORBIDDEN_KIND: 'networkpolicies' });
  expect(told).toContain('removed ConfigMap/leftover');
  expect(facts.skippedKinds).toEqual(['networkpolicies.networking.k8s.io']);
});

test('kubectl is asked by identity and by label; of Secrets only a table without data', () => {
  const wanted = parseManifests(
    `${WANTED}      volumes: [{name: s, secret: {secretName: seal}}]`,
    'test',
    RELEASE,
  );
  const context = 'prod';
  readCluster(wanted, { release: RELEASE, cwd: root, env: env(), context });
  expect(calls()).toEqual([
    'api-resources --no-headers --request-timeout=30s --context prod',
    'get deployments.apps/server --ignore-not-found --namespace mcp -o json --show-managed-fields --request-timeout=30s --context prod',
    'get deployments.apps,services,configmaps,serviceaccounts,ingresses.networking.k8s.io,networkpolicies.networking.k8s.io -l app.kubernetes.io/instance=one --namespace mcp -o json --show-managed-fields --request-timeout=30s --context prod',
    'get secrets seal --namespace mcp --ignore-not-found --no-headers --request-timeout=30s --context prod',
  ]);
});

describe('the command', () => {
  const run = (more: Readonly<Record<string, string>> = {}, values: unknown = validValues()) => {
    writeSmallBundle(join(root, 'bundle'));
    writeFileSync(join(root, 'values.yaml'), stringify(values));
    return synthCommand(root, ['diff', '--cluster'], { env: env(more) });
  };

  test('an empty namespace: all is added, Secrets and CRDs to provide are told', () => {
    const { code, out, err } = run({ SECRETS: 'bearer Opaque 1 5d' });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('+ Deployment mcp/rucio-mcp\n');
    expect(out).toContain('pods: are started | downtime: no | to do before the apply: 2');
    expect(out).toContain(
      'FIRST secrets: the Secret rucio-robot (username, password) has to exist',
    );
    expect(out).toContain('does not know the kind ServiceMonitor (monitoring.coreos.com/v1)');
    expect(out).not.toContain('the Secret bearer');
  });

  test('who may not look at Secrets is told of all that are read', () => {
    expect(run({ FORBIDDEN: '1' }).out).toContain('the Secret bearer (shared-secret) has to exist');
  });

  test('a bearer of the values may end logins, which is told without reading the Secret', () => {
    const values = mergeValues({
      files: [
        validValues(),
        { auth: { sharedSecret: { existingSecret: '', secretValue: 'b'.repeat(32) } } },
      ],
    });
    const { out } = run({ SECRETS: 'rucio-mcp-shared-secret Opaque 1 5d' }, values);
    expect(out).toContain(
      'NOTE  secrets: what the Secret rucio-mcp-shared-secret holds in the cluster is not looked at',
    );
    expect(out).toContain('→ compare with the last output: diff --against DIR');
    expect(run({}, values).out).not.toContain('is not looked at');
  });

  test('kinds that may not be listed are told', () => {
    expect(run({ FORBIDDEN_KIND: 'networkpolicies' }).out).toContain(
      'NOTE  cluster: you may not list networkpolicies.networking.k8s.io',
    );
  });

  test('terminal escapes in the words of kubectl are shown and not obeyed', () => {
    const { code, err } = run({ ESCAPES: '1' });
    expect(code).toBe(2);
    expect(err).not.toMatch(/[\u001b\u0007]/);
    expect(err).toContain('\\u{1B}[2Jno such host');
  });

  test('without kubectl: exit code 2 and what to do', () => {
    expect(run({ PATH: join(root, 'bundle') })).toEqual({
      code: 2,
      out: '',
      err: 'kubectl is not on the PATH\nnext: install kubectl, or compare with files: --against DIR|FILE\n',
    });
  });
});
