import { parseServerDocument } from '../../../lib/contract/server-document';
import { textsAt, valuesAt } from '../../../lib/constructs/checks/manifest';
import { only, synthManifests, synthYaml, validValues } from '../synth';
import { stable } from './stable';

test('a robot with user name and password, behind an Ingress', () => {
  expect(stable(synthYaml())).toMatchSnapshot();
});

test('the same values give the same bytes', () => {
  expect(synthYaml()).toBe(synthYaml());
});

test('the objects, each once', () => {
  expect(
    synthManifests().map(({ kind, metadata }) =>
      `${kind} ${metadata.name}`.replace(/\w{10}$/, '#'),
    ),
  ).toEqual(
    [
      'ServiceAccount rucio-mcp',
      'ConfigMap rucio-mcp-config',
      'ConfigMap rucio-mcp-bundle-0-#',
      'ConfigMap rucio-mcp-bundle-1-#',
      'Deployment rucio-mcp',
      'Service rucio-mcp',
      'Service rucio-mcp-metrics',
      'NetworkPolicy rucio-mcp',
      'Ingress rucio-mcp',
      'ServiceMonitor rucio-mcp',
    ].map((name) => name.replace(/\w{10}$/, '#')),
  );
});

test('the server accepts the document of the ConfigMap', () => {
  const map = only(synthManifests(), 'ConfigMap', 'rucio-mcp-config');
  const [text] = textsAt(map, 'data').concat(Object.values(map['data'] as Record<string, string>));
  const document = parseServerDocument(JSON.parse(text!), 'server.json');
  expect(document.sites.map(({ name }) => name)).toEqual(['atlas']);
  expect(document.publicUrl).toBe('https://rucio-mcp.example.com');
});

test('a changed document rolls the pods, the same document does not', () => {
  const checksum = (values: unknown) =>
    textsAt(
      only(synthManifests({ values }), 'Deployment'),
      'spec.template.metadata.annotations.checksum/config',
    )[0];
  expect(checksum({ ...validValues(), logLevel: 'debug' })).not.toBe(checksum(validValues()));
  expect(checksum({ ...validValues(), replicaCount: 2 })).toBe(checksum(validValues()));
});

test('every object has the namespace and the labels of the release', () => {
  const release = { name: 'prod', namespace: 'rucio' };
  const manifests = synthManifests({ release });
  expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['rucio']));
  for (const { metadata } of manifests) {
    expect(metadata.name).toMatch(/^prod-rucio-mcp(-|$)/);
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'rucio-mcp',
      'app.kubernetes.io/instance': 'prod',
      'app.kubernetes.io/version': '1.2.3',
      'app.kubernetes.io/part-of': 'rucio-mcp',
      'app.kubernetes.io/managed-by': 'cdk8s',
    });
  }
});

test('a bearer in the values becomes a Secret and stands nowhere else', () => {
  const bearer = 'c0ffee'.repeat(10);
  const values = validValues();
  values.auth!.sharedSecret = {
    ...values.auth!.sharedSecret,
    existingSecret: '',
    secretValue: bearer,
  };
  const manifests = synthManifests({ values });
  expect(only(manifests, 'Secret')).toMatchObject({
    type: 'Opaque',
    metadata: { name: 'rucio-mcp-shared-secret', namespace: 'mcp' },
    stringData: { 'shared-secret': bearer },
  });
  const others = manifests.filter(({ kind }) => kind !== 'Secret');
  expect(JSON.stringify(others)).not.toContain(bearer);
  expect(
    textsAt(only(manifests, 'Deployment'), 'spec.template.spec.volumes.*.secret.secretName'),
  ).toEqual(['rucio-mcp-shared-secret', 'rucio-robot']);
});

test('the pod gets only the keys it needs, as files for its group', () => {
  const pod = 'spec.template.spec';
  expect(valuesAt(only(synthManifests(), 'Deployment'), `${pod}.volumes.*.secret`)).toEqual([
    {
      secretName: 'bearer',
      defaultMode: 288,
      items: [{ key: 'shared-secret', path: 'shared-secret' }],
    },
    {
      secretName: 'rucio-robot',
      defaultMode: 288,
      items: [
        { key: 'username', path: 'username' },
        { key: 'password', path: 'password' },
      ],
    },
  ]);
});

test('a stopping pod has time to drain', () => {
  const values = { ...validValues(), server: { drainSeconds: 120 } };
  const deployment = only(synthManifests({ values }), 'Deployment');
  expect(valuesAt(deployment, 'spec.template.spec.terminationGracePeriodSeconds')).toEqual([135]);
});

test('optional objects go away', () => {
  const manifests = synthManifests({
    values: {
      ...validValues(),
      ingress: { enabled: false },
      networkPolicy: { enabled: false },
      serviceMonitor: { enabled: false },
      serviceAccount: { create: false },
    },
  });
  expect(manifests.map(({ kind }) => kind)).toEqual([
    'ConfigMap',
    'ConfigMap',
    'ConfigMap',
    'Deployment',
    'Service',
    'Service',
  ]);
  expect(textsAt(only(manifests, 'Deployment'), 'spec.template.spec.serviceAccountName')).toEqual([
    'default',
  ]);
});
