import fc from 'fast-check';

import { valuesAt } from '../../../lib/constructs/checks/manifest';
import { planFrom } from '../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../lib/contract/release';
import { parseServerDocument } from '../../../lib/contract/server-document';
import { TOOLSETS } from '../../../lib/contract/toolsets';
import { fewestPods } from '../../../lib/contract/values/pod-count';
import { only, synthManifests } from '../synth';

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const text = fc.string({ maxLength: 20 });
const labels = fc.dictionary(
  fc.oneof(
    word,
    word.map((name) => `example.com/${name}`),
  ),
  fc.stringMatching(/^([A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?)?$/),
  { maxKeys: 3 },
);
const annotations = fc.dictionary(
  word.map((name) => `example.com/${name}`),
  text,
  { maxKeys: 3 },
);
const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]\.example\.org$/);
const partial = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { requiredKeys: [] });

const site = fc.record({
  name: word,
  rucioHost: host.map((name) => `https://${name}:8443`),
  authHost: host.map((name) => `https://${name}/auth`),
  vo: fc.constantFrom('def', 'a_b'),
});

const sharedSecret = fc.record({
  authType: fc.constant('userpass'),
  rucioAccount: fc.stringMatching(/^[a-z0-9_-]{1,25}$/),
  userpass: fc.record({
    existingSecret: word,
    usernameKey: fc.constantFrom('username', 'user.name', 'U_1'),
    passwordKey: fc.constantFrom('password', 'username'),
  }),
});

const bearer = fc.oneof(
  word.map((existingSecret) => ({ existingSecret })),
  fc
    .string({ minLength: 32, maxLength: 80, unit: 'grapheme' })
    .map((secretValue) => ({ secretValue })),
);

/** Any pair of different ports, none of them that of the Service. */
const ports = fc
  .uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 3, maxLength: 3 })
  .map(([port, metricsPort, servicePort]) => ({ port, metricsPort, servicePort }));

const values = fc
  .tuple(
    sharedSecret,
    bearer,
    fc.oneof(fc.constantFrom('atlas', 'cms', 'dune', 'escape'), site),
    ports,
    host,
    partial({
      readOnly: fc.boolean(),
      logLevel: fc.constantFrom('error', 'warning', 'info', 'debug', 'trace'),
      replicaCount: fc.integer({ min: 0, max: 100 }),
      tools: partial({ toolsets: fc.subarray([...TOOLSETS], { minLength: 1 }) }),
      limits: partial({
        bodyBytes: fc.integer({ min: 1024, max: 16_777_216 }),
        callSeconds: fc.integer({ min: 1, max: 900 }),
      }),
      forwardedAllowIps: fc.constantFrom('*', '10.0.0.0/8, 192.0.2.1', ['::1']),
      nameOverride: word,
      fullnameOverride: word,
      networkPolicy: partial({
        enabled: fc.boolean(),
        ingressNamespaceLabels: labels,
        monitoringNamespaceLabels: labels,
        egressBlocks: fc.subarray(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32', '2001:db8::7']),
      }),
      serviceAccount: partial({
        create: fc.boolean(),
        name: fc.oneof(fc.constant(''), word),
        annotations,
      }),
      serviceMonitor: partial({ enabled: fc.boolean(), interval: fc.constantFrom('5s', '1m30s') }),
      image: partial({
        repository: fc.constantFrom('', 'registry.example.org:5000/library/node'),
        tag: fc.constantFrom('', '24', '26-alpine'),
        pullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
      }),
      resources: fc.constantFrom({ requests: { cpu: 0.1 } }, { limits: { memory: '1Gi' } }, {}),
      podLabels: labels,
      podAnnotations: annotations,
      nodeSelector: labels,
      imagePullSecrets: fc.array(
        word.map((name) => ({ name })),
        { maxLength: 2 },
      ),
      extraEnv: fc.constantFrom(
        [],
        [{ name: 'TZ', value: 'UTC' }],
        [{ name: 'A', valueFrom: { secretKeyRef: { name: 'any', key: 'b' } } }],
      ),
      tolerations: fc.constantFrom([], [{ operator: 'Exists' }]),
    }),
    fc.record({
      tls: fc.boolean(),
      enabled: fc.boolean(),
      className: fc.constantFrom('', 'nginx'),
    }),
    fc.constantFrom('nginx', 'traefik', 'haproxy', 'none'),
    fc.record({ type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'), annotations }),
    fc.integer({ min: 0, max: 300 }),
  )
  .map(([robot, secret, one, { port, metricsPort, servicePort }, name, rest, ...more]) => {
    const [ingress, flavor, service, drainSeconds] = more;
    return {
      ...rest,
      auth: { mode: 'sharedSecret', sites: [one], sharedSecret: { ...robot, ...secret } },
      server: { port, metricsPort, drainSeconds },
      service: { ...service, port: servicePort },
      ingress: {
        enabled: ingress.enabled,
        host: name,
        className: ingress.className,
        flavor,
        tls: { enabled: ingress.tls },
      },
    };
  });

const digest = `sha256:${'0f'.repeat(32)}`;
const replicas = { replicaCount: fc.integer({ min: 0, max: 9 }) };
const oidc = fc.record({
  mode: fc.constant('oidc'),
  sites: fc.uniqueArray(fc.constantFrom('atlas', 'cms', 'dune', 'escape'), { minLength: 1 }),
  oidc: partial({
    login: fc.constantFrom('poll', 'code'),
    tokenFormat: fc.constantFrom('jwe', 'passthrough'),
    clients: fc.uniqueArray(
      fc.record({
        clientId: fc.constantFrom('grid-portal', 'cli', 'A.b_c'),
        clientName: fc.constantFrom('Grid portal', 'Ünïcode'),
        redirectUris: fc.constantFrom(['https://portal.example.org/cb'], ['http://localhost/cb']),
        existingSecret: fc.constantFrom('', 'portal'),
        secretKey: fc.constantFrom('client-secret', 'a.b'),
      }),
      { selector: ({ clientId }) => clientId },
    ),
    sealingKeys: word.map((existingSecret) => ({ existingSecret })),
  }),
});
const certificate = fc.record({
  mode: fc.constant('sharedSecret'),
  sites: fc.constantFrom(['atlas'], ['dune']),
  sharedSecret: fc.record({
    authType: fc.constantFrom('x509', 'x509_proxy'),
    rucioAccount: fc.stringMatching(/^[a-z0-9_-]{1,25}$/),
    existingSecret: word,
    x509CertDir: fc.constantFrom('', '/etc/grid-security/certificates'),
    x509: fc.record({
      existingSecret: word,
      certKey: fc.constantFrom('cert.pem', 'c'),
      keyKey: fc.constantFrom('key.pem', 'k'),
      proxyKey: fc.constantFrom('proxy', 'p.pem'),
      mountPath: fc.constantFrom('/etc/grid-security/rucio', '/creds'),
    }),
  }),
});

/** What the operator may choose about how it runs, scales, is watched and is reached. */
const deployments = fc
  .tuple(
    fc.oneof(oidc, certificate),
    host,
    partial({
      ...replicas,
      runtime: fc.constantFrom(
        { kind: 'bundle' },
        { kind: 'image' },
        { kind: 'image', volume: true },
        { kind: 'pixi' },
      ),
      image: fc.constant({ repository: 'registry.example.org/rucio-mcp', digest }),
      autoscaling: fc.constantFrom({}, { enabled: true, minReplicas: 1, maxReplicas: 3 }),
      podDisruptionBudget: partial({ enabled: fc.boolean(), maxUnavailable: fc.constant(1) }),
      topologySpread: partial({ enabled: fc.boolean() }),
      stateStore: fc.constantFrom(
        {},
        { redis: { url: 'redis://redis:6380' } },
        { redis: { url: 'rediss://redis.example.org/2', existingSecret: 'redis' } },
      ),
      smokeTest: fc.record({ enabled: fc.boolean() }),
      prometheusRule: partial({ enabled: fc.boolean(), labels }),
      grafanaDashboard: partial({ enabled: fc.boolean(), folder: text, annotations }),
      serviceMonitor: partial({
        kind: fc.constantFrom('ServiceMonitor', 'PodMonitor'),
        labels,
        scrapeTimeout: fc.constantFrom('', '5s'),
      }),
      gateway: fc.constantFrom(
        {},
        { enabled: true, host: 'a.example.org', parentRefs: [{ name: 'public', port: 443 }] },
      ),
      networkPolicy: partial({
        ingressNamespaceLabels: labels,
        monitoringNamespaceLabels: labels,
        egressBlocks: fc.subarray(['10.0.0.0/8', '10.0.0.0/16', '192.0.2.1', '2001:db8::/32']),
      }),
      securityContext: fc.constantFrom({}, { capabilities: { add: ['NET_BIND_SERVICE'] } }),
      imagePullSecrets: fc.constantFrom([], [{ name: 'registry' }]),
      fullnameOverride: fc.stringMatching(/^[a-z][a-z0-9-]{0,80}[a-z0-9]$/),
    }),
  )
  .map(([auth, name, { runtime = { kind: 'bundle' }, image, ...rest }]) => ({
    ...rest,
    auth,
    runtime,
    ...(runtime.kind === 'image' ? { image: image ?? { repository: 'a/b', digest } } : {}),
    ingress: { host: name },
  }));

test('however it runs, scales, is watched and is reached: every check holds', () => {
  fc.assert(
    fc.property(deployments, (input) => {
      const manifests = synthManifests({ values: input, allowUnserved: true });
      const plan = planFrom(input, DEFAULT_RELEASE, { allowUnserved: true });
      expect(manifests.some(({ kind }) => kind === 'PodDisruptionBudget')).toBe(
        plan.values.podDisruptionBudget.enabled && fewestPods(plan.values) > 1,
      );
      for (const { kind, metadata } of manifests) {
        const isLabel = kind === 'Service' || kind === 'Job';
        expect(metadata.name.length).toBeLessThanOrEqual(isLabel ? 63 : 253);
      }
    }),
    { numRuns: 60, seed: 4 },
  );
});

test('whatever valid values say: they synthesize, and the server accepts the document', () => {
  fc.assert(
    fc.property(values, (input) => {
      const manifests = synthManifests({ values: input });
      const config = manifests.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-config'),
      );
      const [document] = valuesAt(config, 'data.*').slice(0, 1);
      const plan = planFrom(input, DEFAULT_RELEASE);
      expect(parseServerDocument(JSON.parse(String(document)), 'server.json')).toEqual(plan.server);
      expect(only(manifests, 'Deployment').metadata.name).toBe(plan.fullName);
    }),
    { numRuns: 60, seed: 28 },
  );
});
