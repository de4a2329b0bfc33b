import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import type { Manifest } from '../../../lib/constructs/checks/manifest';
import { synthManifests, validValues } from '../synth';

function problems(manifests: readonly Manifest[]): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, 'strict-schema.mjs')],
    { input: JSON.stringify(manifests), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

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
