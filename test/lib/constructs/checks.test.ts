import { checkManifests } from '../../../lib/constructs/checks/check-manifests';
import type { Manifest } from '../../../lib/constructs/checks/manifest';
import { parseQuantity } from '../../../lib/constructs/checks/quantity';
import { planFrom } from '../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../lib/contract/release';
import { only, synthManifests, validValues } from '../synth';

/** A manifest that a test may change. */
type Draft = Record<string, never> & { metadata: { name: string; namespace?: string } };

const BEARER = 'c0ffee"\\'.repeat(8);

function values(): ReturnType<typeof validValues> {
  const valid = validValues();
  valid.auth!.sharedSecret = {
    ...valid.auth!.sharedSecret,
    existingSecret: '',
    secretValue: BEARER,
  };
  return valid;
}

/** The complaints about sound manifests after a change. */
function complaints(change: (manifests: Manifest[]) => void): string[] {
  const manifests = synthManifests({ values: values() });
  change(manifests);
  return checkManifests(manifests, planFrom(values(), DEFAULT_RELEASE));
}

const draft = (manifests: Manifest[], kind: string, name?: string) =>
  only(manifests, kind, name) as unknown as Draft;

/** Sets a value deep inside an object. */
function set(object: object, path: string, value: unknown): void {
  const parts = path.split('/');
  const last = parts.pop()!;
  let target = object as Record<string, unknown>;
  for (const part of parts) target = target[part] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
}

const POD = 'spec/template/spec';
const CONTAINER = `${POD}/containers/0`;

test('sound manifests have no complaints', () => {
  expect(complaints(() => undefined)).toEqual([]);
});

test('the same object twice', () => {
  expect(complaints((all) => all.push(only(all, 'ServiceAccount')))).toEqual([
    'ServiceAccount mcp/rucio-mcp exists twice: one would replace the other',
  ]);
});

test('an object without a namespace', () => {
  expect(complaints((all) => set(draft(all, 'Ingress'), 'metadata/namespace', undefined))).toEqual([
    'Ingress /rucio-mcp has no namespace',
  ]);
});

test.each([
  [
    'ServiceAccount',
    'Rucio_MCP',
    'ServiceAccount mcp/Rucio_MCP has a name that is not valid (RFC 1123)',
  ],
  ['NetworkPolicy', 'a..b', 'NetworkPolicy mcp/a..b has a name that is not valid (RFC 1123)'],
  [
    'Ingress',
    'a'.repeat(254),
    `Ingress mcp/${'a'.repeat(254)} has a name that is not valid (RFC 1123)`,
  ],
])('%s named %s', (kind, name, message) => {
  expect(complaints((all) => set(draft(all, kind), 'metadata/name', name))).toContain(message);
});

/** What is changed in the Deployment, and the complaint. */
const DEPLOYMENT_FAULTS: readonly (readonly [string, unknown, string])[] = [
  [`${POD}/volumes/0/configMap/name`, 'other', 'needs the ConfigMap "other", which does not exist'],
  [
    `${POD}/volumes/0/configMap/items/0/key`,
    'other.json',
    'needs the key "other.json" of ConfigMap mcp/rucio-mcp-config',
  ],
  [
    `${POD}/volumes/1/projected/sources/0/configMap/name`,
    'old',
    'needs the ConfigMap "old", which does not exist',
  ],
  [`${POD}/volumes/3/secret/secretName`, 'gone', 'needs the Secret "gone", which does not exist'],
  [`${POD}/serviceAccountName`, 'gone', 'needs the ServiceAccount "gone", which does not exist'],
  [`${CONTAINER}/volumeMounts/0/name`, 'gone', 'mounts the volume "gone", which does not exist'],
  [
    `${CONTAINER}/readinessProbe/httpGet/port`,
    'web',
    'uses the port "web", which no container has',
  ],
  [`${CONTAINER}/ports/0/name`, 'Bad_Port', 'has a port name that is not valid: "Bad_Port"'],
  [`${POD}/hostNetwork`, true, 'is not restricted: it uses a namespace of the host'],
  [`${POD}/automountServiceAccountToken`, true, 'is not restricted: a token is mounted'],
  [`${POD}/securityContext/sysctls`, [], 'is not restricted: it sets sysctls'],
  [
    `${POD}/volumes/0`,
    { name: 'config', hostPath: { path: '/' } },
    'is not restricted: volume config is a hostPath',
  ],
  [
    `${CONTAINER}/securityContext/allowPrivilegeEscalation`,
    undefined,
    'is not restricted: container rucio-mcp: allowPrivilegeEscalation is not false',
  ],
  [
    `${CONTAINER}/securityContext/seccompProfile`,
    { type: 'Unconfined' },
    'is not restricted: container rucio-mcp: seccompProfile.type is neither RuntimeDefault nor Localhost',
  ],
  [
    `${CONTAINER}/securityContext/procMount`,
    'Unmasked',
    'is not restricted: container rucio-mcp: procMount is set',
  ],
  [
    `${CONTAINER}/resources/requests/cpu`,
    '2',
    'container rucio-mcp requests 2 of cpu, above its limit 1',
  ],
  [
    `${CONTAINER}/resources/requests/cpu`,
    'much',
    'container rucio-mcp has a cpu that is not a quantity',
  ],
];

test.each(DEPLOYMENT_FAULTS)('Deployment %s = %j', (path, value, message) => {
  const found = complaints((all) => set(draft(all, 'Deployment'), path, value));
  expect(
    found.map((text) => text.replace('Deployment mcp/rucio-mcp', '').replace(/^:? /, '')),
  ).toContain(message);
});

test.each([
  [
    'Deployment',
    undefined,
    'spec/selector/matchLabels',
    'Deployment mcp/rucio-mcp selects 0 workloads',
  ],
  ['Service', 'rucio-mcp', 'spec/selector', 'Service mcp/rucio-mcp selects 0 workloads'],
  [
    'NetworkPolicy',
    undefined,
    'spec/podSelector/matchLabels',
    'NetworkPolicy mcp/rucio-mcp selects 0 workloads',
  ],
  [
    'ServiceMonitor',
    undefined,
    'spec/selector/matchLabels',
    'ServiceMonitor mcp/rucio-mcp selects 0 Services',
  ],
])('%s %s selects nothing', (kind, name, path, message) => {
  for (const selector of [{ app: 'other' }, {}]) {
    expect(complaints((all) => set(draft(all, kind, name), path, selector))).toContain(
      `${message} instead of exactly one`,
    );
  }
});

test('a second workload with the labels of the first', () => {
  const found = complaints((all) => {
    const copy = structuredClone(only(all, 'Deployment'));
    all.push({ ...copy, metadata: { ...copy.metadata, name: 'second' } });
  });
  expect(found).toContain('Service mcp/rucio-mcp selects 2 workloads instead of exactly one');
});

test('an Ingress that leads nowhere', () => {
  const path = 'spec/rules/0/http/paths/0/backend/service/port/name';
  expect(complaints((all) => set(draft(all, 'Ingress'), path, 'web'))).toEqual([
    'Ingress mcp/rucio-mcp leads to rucio-mcp:web, which does not exist',
  ]);
});

describe('objects that only some values bring', () => {
  const more = () => ({
    ...values(),
    gateway: { enabled: true, host: 'a.example.org', parentRefs: [{ name: 'public' }] },
    autoscaling: { enabled: true },
    smokeTest: { enabled: true },
    replicaCount: 2,
  });
  const complaintsOf = (change: (manifests: Manifest[]) => void) => {
    const manifests = synthManifests({ values: more() });
    change(manifests);
    return checkManifests(manifests, planFrom(more(), DEFAULT_RELEASE));
  };

  test('sound, they have no complaints', () => {
    expect(complaintsOf(() => undefined)).toEqual([]);
  });

  test.each([
    [
      'HTTPRoute',
      'spec/rules/0/backendRefs/0/port',
      8080,
      'HTTPRoute mcp/rucio-mcp leads to rucio-mcp:8080, which does not exist',
    ],
    [
      'HorizontalPodAutoscaler',
      'spec/scaleTargetRef/name',
      'other',
      'HorizontalPodAutoscaler mcp/rucio-mcp scales other, which does not exist',
    ],
    [
      'PodDisruptionBudget',
      'spec/selector/matchLabels',
      { app: 'other' },
      'PodDisruptionBudget mcp/rucio-mcp selects 0 workloads instead of exactly one',
    ],
    [
      'Deployment',
      `${CONTAINER}/volumeMounts/2/mountPath`,
      '/elsewhere',
      'Deployment mcp/rucio-mcp needs the file /etc/rucio-mcp/secrets/bearer/shared-secret, ' +
        'which no volume brings: add it with extraVolumes and extraVolumeMounts',
    ],
  ])('%s %s', (kind, path, value, message) => {
    expect(complaintsOf((all) => set(draft(all, kind), path, value))).toContain(message);
  });

  test('a test that the Service selects as well', () => {
    const found = complaintsOf((all) => {
      const labels = draft(all, 'Deployment') as unknown as { spec: { template: unknown } };
      const { metadata } = labels.spec.template as { metadata: { labels: object } };
      set(draft(all, 'Job'), 'spec/template/metadata/labels', { ...metadata.labels });
    });
    expect(found).toContain('Service mcp/rucio-mcp selects 2 workloads instead of exactly one');
  });
});

test('an object too large for kubectl apply', () => {
  const text = 'x'.repeat(262_144);
  expect(
    complaints((all) => set(draft(all, 'ConfigMap', 'rucio-mcp-config'), 'data/more', text)),
  ).toEqual([
    expect.stringMatching(
      /^ConfigMap mcp\/rucio-mcp-config has \d+ bytes as JSON, but "kubectl apply" takes 262144 at most$/,
    ),
  ]);
});

test.each([
  ['an argument', 'Deployment', `${CONTAINER}/args/2`, BEARER],
  ['a variable', 'Deployment', `${CONTAINER}/env/0/value`, `x${BEARER}x`],
  ['a ConfigMap', 'ConfigMap', 'data/more', JSON.stringify({ bearer: BEARER })],
])('the bearer in %s', (_, kind, path, value) => {
  const name = kind === 'ConfigMap' ? 'rucio-mcp-config' : 'rucio-mcp';
  expect(complaints((all) => set(draft(all, kind, name), path, value))).toEqual([
    `${kind} mcp/${name} contains a secret`,
  ]);
});

test.each([
  ['1', 1],
  ['250m', 0.25],
  ['.5', 0.5],
  ['1e3', 1000],
  ['64Mi', 67_108_864],
  ['2G', 2_000_000_000],
  ['1k', 1000],
  ['', undefined],
  ['1K', undefined],
  ['-1', undefined],
])('the quantity %j is %p', (text, number) => {
  expect(parseQuantity(text)).toBe(number);
});
