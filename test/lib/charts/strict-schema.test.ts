import { synthManifests, validValues } from '../synth';
import { strictSchemaProblems as problems } from './strict-schema-problems';

/** Every part of the manifests that values can bring in. */
const everything = {
  ...validValues(),
  auth: {
    ...validValues().auth,
    sharedSecret: {
      ...validValues().auth?.sharedSecret,
      existingSecret: '',
      secretValue: 'c0ffee'.repeat(10),
    },
  },
  service: { type: 'NodePort', annotations: { 'example.com/a': 'b' } },
  networkPolicy: {
    ingressNamespaceLabels: { a: 'b' },
    monitoringNamespaceLabels: { a: 'b' },
    egressBlocks: ['192.0.2.0/24'],
  },
  serviceAccount: { annotations: { 'example.com/a': 'b' } },
  imagePullSecrets: [{ name: 'registry' }],
  podAnnotations: { 'example.com/a': 'b' },
  podLabels: { a: 'b' },
  nodeSelector: { a: 'b' },
  tolerations: [{ key: 'a', operator: 'Exists' }],
  affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
  resources: { requests: { cpu: 1 } },
  extraEnv: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
};

test.each([
  ['the smallest values', validValues()],
  ['all values', everything],
])('%s: Kubernetes knows every field and its type', (_, values) => {
  const manifests = synthManifests({ values });
  expect(manifests.length).toBeGreaterThan(9);
  expect(problems(manifests)).toEqual([]);
});

test('a field that Kubernetes does not know is found', () => {
  const [first, ...rest] = synthManifests();
  expect(problems([{ ...first!, automountToken: false }, ...rest])).toEqual([
    'ServiceAccount.automountToken is not a field of V1ServiceAccount',
  ]);
});

test('so is one that a definition of a custom resource does not know, and a kind that nobody knows', () => {
  const metadata = { name: 'a', namespace: 'b' };
  expect(
    problems([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata,
        spec: { hostname: ['a'], rules: [{ backendRefs: [{ name: 'a', port: '80' }] }] },
      },
      { apiVersion: 'example.org/v1', kind: 'Thing', metadata },
    ]),
  ).toEqual([
    'HTTPRoute.spec.hostname is not a field of its definition',
    'HTTPRoute.spec.rules[0].backendRefs[0].port is a string, not a integer',
    'Thing of example.org/v1 is a kind that nobody defines',
  ]);
});
