import { mergeValues } from '../../../../lib/cli/values/merge-values';
import { validValues } from '../../synth';

export type Values = Readonly<Record<string, unknown>>;

/** A server where users sign in, with keys that outlive its pods. */
export const OIDC: Values = {
  auth: {
    sites: ['atlas', 'cms'],
    oidc: { sealingKeys: { existingSecret: 'seal' } },
  },
  ingress: { host: 'rucio-mcp.example.com' },
};
export const ROBOT = validValues() as Values;
const NO_KEYS: Values = { auth: { oidc: { sealingKeys: { existingSecret: '' } } } };
const PORTAL = {
  clientId: 'portal',
  clientName: 'Portal',
  redirectUris: ['https://portal.example.org/a', 'https://portal.example.org/b'],
};
const BY_GATEWAY: Values = {
  ingress: { enabled: false },
  gateway: {
    enabled: true,
    host: 'rucio-mcp.example.com',
    parentRefs: [{ name: 'public', namespace: 'gateways' }],
  },
};
/** One row: what is changed in `base`, and what has to be told of it. */
interface Row {
  readonly title: string;
  readonly base?: Values;
  readonly old?: Values;
  readonly fresh?: Values;
  /** Ids of all consequences; their order is not compared. */
  readonly ids: readonly string[];
  readonly pods?: string;
  readonly logins?: string;
  readonly downtime?: string;
}

export const ROWS: readonly Row[] = [
  { title: 'nothing', ids: [], pods: 'stay' },
  { title: 'another limit of a pod', fresh: { logLevel: 'debug' }, ids: ['pods-roll'] },
  {
    title: 'pods with keys of their own are replaced',
    old: NO_KEYS,
    fresh: { ...NO_KEYS, logLevel: 'debug' },
    ids: ['sealing-keys-in-memory', 'pods-roll'],
    logins: 'lost',
  },
  {
    title: 'keys come from a Secret for the first time',
    old: NO_KEYS,
    ids: ['secret-to-make', 'sealing-keys-in-memory', 'pods-roll'],
    logins: 'lost',
  },
  {
    title: 'the Secret with the keys is left out',
    fresh: NO_KEYS,
    ids: ['sealing-keys-removed', 'secret-unused', 'pods-roll'],
    logins: 'lost',
  },
  {
    title: 'the Secret with the keys is another one',
    fresh: { auth: { oidc: { sealingKeys: { existingSecret: 'other' } } } },
    ids: ['secret-to-make', 'sealing-keys-renamed', 'secret-unused', 'pods-roll'],
    logins: 'at risk',
  },
  {
    title: 'another host',
    fresh: { ingress: { host: 'new.example.com' } },
    ids: ['public-url-changed', 'host-removed', 'pods-roll'],
    logins: 'lost',
    downtime: 'yes',
  },
  {
    title: 'another token format',
    fresh: { auth: { oidc: { tokenFormat: 'passthrough', sealingKeys: { existingSecret: '' } } } },
    ids: ['token-format-changed', 'secret-unused', 'pods-roll'],
    logins: 'lost',
  },
  {
    title: 'a site less',
    fresh: { auth: { sites: ['atlas'] } },
    ids: ['site-removed', 'pods-roll'],
    logins: 'partly lost',
  },
  {
    title: 'a static client less, and a redirect URI of another',
    old: { auth: { oidc: { clients: [PORTAL, { ...PORTAL, clientId: 'gone' }] } } },
    fresh: {
      auth: { oidc: { clients: [{ ...PORTAL, redirectUris: PORTAL.redirectUris.slice(1) }] } },
    },
    ids: ['static-client-removed', 'redirect-uri-removed', 'pods-roll'],
    logins: 'partly lost',
  },
  {
    title: 'writing is allowed',
    fresh: { readOnly: false },
    ids: ['writes-allowed', 'pods-roll', 'write-scope-offered', 'tools-gained'],
  },
  {
    title: 'fewer tools',
    fresh: { tools: { toolsets: ['core'] } },
    ids: ['tools-lost', 'pods-roll'],
  },
  {
    title: 'tighter limits, looser ones are not told',
    fresh: { limits: { callSeconds: 10, bodyBytes: 2_000_000 } },
    ids: ['limit-tightened', 'pods-roll'],
  },
  {
    title: 'less memory',
    old: { resources: { limits: { memory: '1Gi', cpu: 1 } } },
    fresh: { resources: { limits: { memory: '512Mi', cpu: 1 } } },
    ids: ['memory-limit-lowered', 'pods-roll'],
  },
  {
    title: 'no NetworkPolicy any more',
    fresh: { networkPolicy: { enabled: false } },
    ids: ['pods-not-isolated', 'objects-left'],
    pods: 'stay',
  },
  {
    title: 'a NetworkPolicy for the first time',
    old: { networkPolicy: { enabled: false } },
    ids: ['pods-isolated'],
    pods: 'stay',
  },
  {
    title: 'the gateway may only be in one namespace',
    fresh: {
      networkPolicy: { ingressNamespaceLabels: { 'kubernetes.io/metadata.name': 'ingress' } },
    },
    ids: ['connections-refused', 'connections-admitted'],
    pods: 'stay',
  },
  {
    title: 'no pods',
    fresh: { replicaCount: 0 },
    ids: ['scaled-to-zero'],
    pods: 'stay',
    downtime: 'yes',
  },
  {
    title: 'the Service has another port',
    fresh: { service: { port: 8080 } },
    ids: ['service-port-removed'],
    pods: 'stay',
  },
  {
    title: 'no load balancer any more',
    old: { service: { type: 'LoadBalancer' } },
    ids: ['service-type-changed'],
    pods: 'stay',
    downtime: 'yes',
  },
  {
    title: 'nothing exposes it any more',
    old: { server: { resourceUrl: 'https://rucio-mcp.example.com' } },
    fresh: {
      server: { resourceUrl: 'https://rucio-mcp.example.com' },
      ingress: { enabled: false },
    },
    ids: ['host-removed', 'secret-unused', 'objects-left'],
    pods: 'stay',
    downtime: 'yes',
  },
  {
    title: 'another ingress controller',
    fresh: { ingress: { className: 'traefik' } },
    ids: ['gateway-changed'],
    pods: 'stay',
    downtime: 'yes',
  },
  {
    title: 'a route of a Gateway in place of the Ingress, for the same host',
    fresh: BY_GATEWAY,
    ids: ['way-changed', 'secret-unused', 'objects-left'],
    pods: 'stay',
    downtime: 'yes',
  },
  {
    title: 'an Ingress in place of the route of a Gateway, for the same host',
    old: BY_GATEWAY,
    fresh: { gateway: { enabled: false }, ingress: { enabled: true } },
    ids: ['way-changed', 'objects-left'],
    pods: 'stay',
    downtime: 'yes',
  },
  {
    title: 'a route of a Gateway beside the Ingress',
    fresh: { ...BY_GATEWAY, ingress: { enabled: true } },
    ids: [],
    pods: 'stay',
  },
  {
    title: 'another certificate',
    fresh: { ingress: { tls: { secretName: 'other-tls' } } },
    ids: ['certificate-renamed', 'secret-unused'],
    pods: 'stay',
  },
  {
    title: 'without TLS',
    old: { server: { resourceUrl: 'https://rucio-mcp.example.com' } },
    fresh: {
      server: { resourceUrl: 'https://rucio-mcp.example.com' },
      ingress: { tls: { enabled: false } },
    },
    ids: ['tls-removed', 'secret-unused'],
    pods: 'stay',
  },
  {
    title: 'other names',
    fresh: { fullnameOverride: 'other' },
    ids: [
      'deployment-renamed',
      'service-removed',
      'service-removed',
      'secret-unused',
      'old-server-left',
      'objects-left',
    ],
    pods: 'start',
  },
  {
    title: 'other names, and keys that the pods make themselves',
    old: NO_KEYS,
    fresh: { ...NO_KEYS, fullnameOverride: 'other' },
    ids: [
      'sealing-keys-in-memory',
      'deployment-renamed',
      'service-removed',
      'service-removed',
      'secret-unused',
      'old-server-left',
      'objects-left',
    ],
    pods: 'start',
    logins: 'lost',
  },
  {
    title: 'another name of the Python server',
    base: mergeValues({ files: [OIDC, { runtime: { kind: 'pixi' } }] }),
    fresh: { fullnameOverride: 'other' },
    ids: [
      'python-restart',
      'deployment-renamed',
      'service-removed',
      'service-removed',
      'secret-unused',
      'objects-left',
    ],
    pods: 'start',
    logins: 'lost',
  },
  {
    title: 'another selector',
    fresh: { nameOverride: 'other', fullnameOverride: 'rucio-mcp' },
    ids: ['immutable-field', 'pods-roll'],
    downtime: 'yes',
  },
  {
    title: 'a claim is mounted',
    fresh: {
      extraVolumes: [{ name: 'ca', persistentVolumeClaim: { claimName: 'authorities' } }],
      extraVolumeMounts: [{ name: 'ca', mountPath: '/ca', readOnly: true }],
    },
    ids: ['volume-of-one-node', 'pods-roll'],
  },
  {
    title: 'the autoscaler takes the replicas over',
    old: {
      replicaCount: 3,
      stateStore: { redis: { url: 'redis://r.example.com:6379' } },
    },
    fresh: {
      autoscaling: { enabled: true },
      stateStore: { redis: { url: 'redis://r.example.com:6379' } },
    },
    ids: ['replicas-reset'],
    pods: 'stay',
  },
  {
    title: 'another Redis',
    old: { stateStore: { redis: { url: 'redis://r.example.com:6379' } } },
    fresh: { stateStore: { redis: { url: 'redis://s.example.com:6379' } } },
    ids: ['pods-roll', 'state-store-changed'],
  },
  {
    title: 'a robot in place of users',
    fresh: { ...ROBOT, auth: { ...(ROBOT['auth'] as object), mode: 'sharedSecret' } },
    ids: [
      'secret-to-make',
      'secret-to-make',
      'mode-changed',
      'secret-unused',
      'pods-roll',
      'tools-lost',
      'tools-gained',
    ],
    logins: 'lost',
  },
  {
    title: 'the bearer is another key',
    base: ROBOT,
    fresh: { auth: { sharedSecret: { existingSecretKey: 'other' } } },
    ids: ['secret-keys-to-check', 'bearer-renamed', 'pods-roll'],
    logins: 'at risk',
  },
  {
    title: 'the robot is another one',
    base: ROBOT,
    fresh: { auth: { sharedSecret: { rucioAccount: 'other' } } },
    ids: ['pods-roll', 'robot-changed'],
  },
  {
    title: 'the bearer in the values is another one',
    base: ROBOT,
    old: { auth: { sharedSecret: { existingSecret: '', secretValue: 'a'.repeat(32) } } },
    fresh: { auth: { sharedSecret: { existingSecret: '', secretValue: 'b'.repeat(32) } } },
    ids: ['bearer-changed'],
    pods: 'stay',
    logins: 'lost',
  },
  {
    title: 'the Python server in place of ours',
    fresh: { runtime: { kind: 'pixi' } },
    ids: [
      'other-server',
      'pods-roll',
      'secret-unused',
      'memory-request-raised',
      'other-catalogue',
      'old-server-left',
      'objects-left',
    ],
    logins: 'lost',
  },
];
