import type { ValuesInput } from '../../../lib/contract/values/values';
import { validValues } from '../synth';

/** Values that differ in what is made of them; the names say how. */
export type Variant = readonly [name: string, values: ValuesInput];

const ingress = { host: 'rucio-mcp.example.com' };
const gateway = {
  enabled: true,
  host: 'rucio-mcp.example.com',
  parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
};
const robot = (settings: object): ValuesInput => ({
  ...validValues(),
  auth: {
    mode: 'sharedSecret',
    sites: ['atlas'],
    sharedSecret: { rucioAccount: 'robot', existingSecret: 'bearer', ...settings },
  },
});
const x509 = { existingSecret: 'grid', certKey: 'cert.pem', keyKey: 'key.pem', proxyKey: 'proxy' };
const digest = `sha256:${'ab'.repeat(32)}`;
const image = { repository: 'registry.example.org/rucio-mcp', digest };
const shared = {
  auth: { oidc: { sealingKeys: { existingSecret: 'sealing' } } },
  stateStore: { redis: { url: 'rediss://redis.example.org:6380/1', existingSecret: 'redis' } },
};

const portal = (clientId: string, more: object) => ({
  clientId,
  clientName: 'Portal',
  redirectUris: [`https://${clientId}.example.org/callback`],
  ...more,
});

/** Both modes, every authentication type, exposure and runtime, and everything that is optional. */
export const MATRIX: readonly Variant[] = [
  ['oidc behind an Ingress', { ingress }],
  ['oidc, several pods, Redis', { ...shared, ingress, replicaCount: 3 }],
  [
    'oidc, scaled by load',
    { ...shared, ingress, autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 4 } },
  ],
  [
    'oidc, clients with and without a secret',
    {
      ingress,
      auth: {
        oidc: {
          clients: [
            portal('open', { clientName: 'Open portal' }),
            portal('closed', { existingSecret: 'closed-portal' }),
          ],
        },
      },
    },
  ],
  ['oidc, passthrough', { ingress, auth: { oidc: { tokenFormat: 'passthrough' } } }],
  ['oidc behind a Gateway', { ingress: { enabled: false }, gateway }],
  ['userpass, Ingress and Gateway', { ...validValues(), gateway }],
  ['userpass, not exposed', { ...validValues(), ingress: { enabled: false } }],
  ['x509', robot({ authType: 'x509', x509 })],
  ['x509_proxy', robot({ authType: 'x509_proxy', x509 })],
  ['ssh', robot({ authType: 'ssh', ssh: { existingSecret: 'key' } })],
  [
    'gss',
    {
      ...robot({
        authType: 'gss',
        gss: { existingSecret: 'keytab', principal: 'robot@A.B', krb5ConfKey: 'krb5.conf' },
      }),
      image: { tag: '24-trixie' },
    },
  ],
  [
    'saml',
    robot({
      authType: 'saml',
      saml: { existingSecret: 'saml', identityProvider: 'https://idp.example.org:8444' },
    }),
  ],
  [
    'client credentials',
    robot({
      authType: 'oidc',
      oidc: { existingSecret: 'client', tokenEndpoint: 'https://idp.example.org:8443/token' },
    }),
  ],
  ['image', { ...validValues(), runtime: { kind: 'image' }, image }],
  ['image as a volume', { ...validValues(), runtime: { kind: 'image', volume: true }, image }],
  ['pixi, oidc', { ingress, runtime: { kind: 'pixi' } }],
  [
    'pixi, x509_proxy, locked',
    {
      ...robot({ authType: 'x509_proxy', x509, x509CertDir: '/etc/grid-security/certificates' }),
      runtime: { kind: 'pixi' },
      rucioMcp: {
        extraPixiDependencies: { 'ca-policy-lcg': '*' },
        pixiLockContent: 'version: 6\n',
      },
    },
  ],
  [
    'a site of one’s own, narrow network',
    {
      ...validValues(),
      auth: {
        ...validValues().auth,
        sites: [
          {
            name: 'mine',
            rucioHost: 'https://rucio.example.org:8443',
            authHost: 'https://auth.example.org',
            caFile: '/etc/ca/ca.pem',
          },
        ],
      },
      networkPolicy: {
        ingressNamespaceLabels: { 'kubernetes.io/metadata.name': 'ingress' },
        monitoringNamespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' },
        egressBlocks: ['192.0.2.0/24', '2001:db8::7'],
      },
      extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
      extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca', readOnly: true }],
      smokeTest: { enabled: true },
    },
  ],
  [
    'everything optional',
    {
      ...validValues(),
      replicaCount: 2,
      ingress: { ...ingress, tls: { certificate: { enabled: true, issuerName: 'letsencrypt' } } },
      serviceMonitor: {
        kind: 'PodMonitor',
        scrapeTimeout: '10s',
        labels: { release: 'kps' },
        relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }],
        metricRelabelings: [{ sourceLabels: ['__name__'], regex: 'nodejs_.*', action: 'drop' }],
      },
      prometheusRule: { enabled: true, labels: { release: 'kps' } },
      grafanaDashboard: { enabled: true, namespace: 'grafana', folder: 'Rucio' },
      tracing: { endpoint: 'http://otel-collector.monitoring:4318', propagate: true },
      priorityClassName: 'high',
      imagePullSecrets: [{ name: 'registry' }],
      hostAliases: [{ ip: '192.0.2.1', hostnames: ['rucio.example.org'] }],
      dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
      smokeTest: { enabled: true },
      externalSecrets: [
        {
          name: 'rucio-robot',
          store: { name: 'vault', kind: 'ClusterSecretStore' },
          data: { username: { key: 'robot', property: 'user' }, password: { key: 'robot-pw' } },
        },
      ],
      extraContainers: [
        {
          name: 'sidecar',
          image: `example.org/sidecar@${digest}`,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
      extraObjects: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' }, data: { a: 'b' } },
      ],
    },
  ],
];
