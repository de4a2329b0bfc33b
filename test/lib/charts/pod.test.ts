import { valuesAt } from '../../../lib/constructs/checks/manifest';
import { only, synthManifests, synthYaml, validValues } from '../synth';

const POD = 'spec.template.spec';
const CONTAINER = `${POD}.containers.*`;

const pod = (values: object, path: string) =>
  valuesAt(only(synthManifests({ values: { ...validValues(), ...values } }), 'Deployment'), path);

test('everything that an operator may say about the pod is in it', () => {
  const toleration = { key: 'gpu', operator: 'Exists', effect: 'NoSchedule' };
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
      },
    },
  };
  const values = {
    replicaCount: 3,
    imagePullSecrets: [{ name: 'registry' }],
    podAnnotations: { 'example.com/note': 'x' },
    podLabels: { team: 'ddm' },
    nodeSelector: { 'kubernetes.io/arch': 'amd64' },
    tolerations: [toleration],
    affinity,
    podSecurityContext: { runAsUser: 1000, supplementalGroupsPolicy: 'Strict' },
    securityContext: { appArmorProfile: { type: 'RuntimeDefault' } },
    resources: { requests: { cpu: 1 }, limits: { cpu: '2' } },
    extraEnv: [
      { name: 'HTTPS_PROXY', value: 'http://proxy.example.org:3128' },
      { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
    ],
  };
  expect(pod(values, 'spec.replicas')).toEqual([3]);
  expect(pod(values, 'spec.template.metadata.annotations')).toMatchObject([values.podAnnotations]);
  expect(pod(values, 'spec.template.metadata.labels')).toMatchObject([
    { team: 'ddm', 'app.kubernetes.io/name': 'rucio-mcp' },
  ]);
  expect(pod(values, POD)).toMatchObject([
    {
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: values.nodeSelector,
      tolerations: [toleration],
      affinity,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        supplementalGroupsPolicy: 'Strict',
      },
    },
  ]);
  expect(pod(values, `${CONTAINER}.securityContext.appArmorProfile.type`)).toEqual([
    'RuntimeDefault',
  ]);
  expect(pod(values, `${CONTAINER}.resources`)).toEqual([
    { requests: { cpu: '1' }, limits: { cpu: '2' } },
  ]);
  expect(pod(values, `${CONTAINER}.env`)).toEqual([expect.arrayContaining(values.extraEnv)]);
});

test.each([
  [{ affinity: { nodeAfinity: {} } }, 'affinity.nodeAfinity is not a field that Kubernetes knows'],
  [{ tolerations: [{ keys: 'a' }] }, 'tolerations[0].keys is not a field that Kubernetes knows'],
  [
    { podSecurityContext: { runAsUsr: 1000 } },
    'podSecurityContext.runAsUsr is not a field that Kubernetes knows',
  ],
  [
    { securityContext: { capabilities: { droop: ['ALL'] } } },
    'securityContext.capabilities.droop is not a field that Kubernetes knows',
  ],
  [
    { extraEnv: [{ name: 'A', valueFrom: { secretRef: { name: 'x', key: 'y' } } }] },
    'extraEnv[0].valueFrom.secretRef is not a field that Kubernetes knows',
  ],
])('a field that Kubernetes does not know fails the synth: %j', (values, message) => {
  expect(() => synthYaml({ values: { ...validValues(), ...values } })).toThrow(message);
});

test.each([
  [{ securityContext: { runAsNonRoot: false } }, 'runAsNonRoot is not true'],
  [{ podSecurityContext: { runAsUser: 0 } }, 'runAsUser is 0'],
  [{ securityContext: { privileged: true } }, 'privileged'],
  [{ securityContext: { readOnlyRootFilesystem: false } }, 'readOnlyRootFilesystem is not true'],
  [{ securityContext: { capabilities: { drop: [] } } }, 'capabilities.drop lacks ALL'],
  [
    { securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } },
    'capabilities.add has more than NET_BIND_SERVICE',
  ],
  [
    { resources: { requests: { memory: '1Gi' }, limits: { memory: '512Mi' } } },
    'requests 1Gi of memory, above its limit 512Mi',
  ],
])('values that lower the guard fail the synth: %j', (values, message) => {
  expect(() => synthYaml({ values: { ...validValues(), ...values } })).toThrow(message);
});

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  [{}, /^node:24-alpine@sha256:[0-9a-f]{64}$/],
  [{ repository: 'mirror.example.org/node' }, /^mirror\.example\.org\/node:24-alpine@sha256:/],
  [{ tag: '26-alpine' }, /^node:26-alpine$/],
  [{ tag: '26-alpine', digest: DIGEST }, /^node:26-alpine@sha256:a{64}$/],
  [{ digest: DIGEST }, /^node:24-alpine@sha256:a{64}$/],
])('image %j', (image, expected) => {
  const [reference] = pod({ image }, `${CONTAINER}.image`);
  expect(reference).toMatch(expected);
});

test('no shell: Node runs the loader', () => {
  expect(pod({}, `${CONTAINER}.command`)).toEqual([['node']]);
  expect(pod({}, `${CONTAINER}.args.0`)).toEqual(['-e']);
});
