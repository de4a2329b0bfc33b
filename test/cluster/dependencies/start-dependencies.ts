import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { STOCK_NODE } from '../../../lib/constructs/image';
import { SITE_PRESETS } from '../../../lib/contract/sites';
import type { ValuesInput } from '../../../lib/contract/values/values';
import type { Certificates } from '../../support/rucio-front/certificates';
import { SETTINGS } from '../cluster';
import type { Kubectl } from '../kubectl';
import { FRONT } from './rucio-people';

const REDIS_IMAGE = process.env[SETTINGS.redisImage] ?? 'docker.io/library/redis:8-alpine';
export const REDIS_HOST = 'redis.example.com';

/** The hosts of all sites: in the test's pods, they are the pod of our Rucio. */
export const RUCIO_HOSTS = [
  ...new Set(
    Object.values(SITE_PRESETS).flatMap(({ rucioHost, authHost }) =>
      [rucioHost, authHost].map((url) => new URL(url).hostname),
    ),
  ),
];

const RUCIO = 'test-rucio';
const REDIS = 'test-redis';
const AUTHORITY = { configMap: 'test-authority', directory: '/etc/test-authority', file: 'ca.pem' };

/** What the server needs beside it. */
export interface Dependencies {
  /** Values by which the server finds them, under the names that it knows. */
  readonly values: ValuesInput;
  /** Lines of Rucio's log, e.g. `signed in: x509 robot`. */
  readonly rucioLog: () => Promise<string[]>;
  /** A command of Redis. */
  readonly redis: (password: string, ...command: string[]) => Promise<string>;
}

export interface DependenciesOptions {
  readonly certificates: Certificates;
  /** Life of a session at Rucio, in seconds. */
  readonly sessionSeconds: number;
  /** Left out: no Redis. */
  readonly redisPassword?: string | undefined;
}

/** Starts a Rucio, and a Redis where one is needed, as pods that are `restricted` themselves. */
export async function startDependencies(
  kubectl: Kubectl,
  { certificates, sessionSeconds, redisPassword }: DependenciesOptions,
): Promise<Dependencies> {
  const ca = await readFile(certificates.caFile, 'utf8');
  const tls = { ...(await hostCertificate(certificates)), 'ca.crt': ca };
  await kubectl.put(configMap(AUTHORITY.configMap, { [AUTHORITY.file]: ca }));
  await kubectl.putSecret('test-tls', tls);
  await kubectl.put(configMap(RUCIO, { 'rucio.cjs': await rucioProgram() }));
  await kubectl.put(rucioPod(sessionSeconds));
  if (redisPassword !== undefined) {
    await kubectl.putSecret(REDIS, { 'redis.conf': redisConfiguration(redisPassword) });
    await kubectl.put(redisPod());
  }
  const pods = redisPassword === undefined ? ([RUCIO] as const) : ([RUCIO, REDIS] as const);
  await kubectl.run(['wait', '--for=condition=Ready', '--timeout=120s', 'pod', ...pods]);
  const hosts = { [RUCIO]: RUCIO_HOSTS, [REDIS]: [REDIS_HOST] };
  return {
    values: {
      hostAliases: await Promise.all(
        pods.map(async (pod) => ({ ip: await addressOf(kubectl, pod), hostnames: hosts[pod] })),
      ),
      extraEnv: [
        { name: 'NODE_EXTRA_CA_CERTS', value: `${AUTHORITY.directory}/${AUTHORITY.file}` },
      ],
      extraVolumes: [{ name: 'authority', configMap: { name: AUTHORITY.configMap } }],
      extraVolumeMounts: [{ name: 'authority', mountPath: AUTHORITY.directory, readOnly: true }],
    },
    rucioLog: async () => (await kubectl.run(['logs', RUCIO])).stdout.split('\n'),
    redis: async (password, ...command) => {
      const cli = ['redis-cli', '--tls', '--insecure', '--no-auth-warning', '-a', password];
      return (await kubectl.run(['exec', REDIS, '--', ...cli, ...command])).stdout.trim();
    },
  };
}

/** What a Secret holds for a server of TLS. */
export async function hostCertificate({ host }: Certificates): Promise<Record<string, string>> {
  return {
    'tls.crt': await readFile(host.certFile, 'utf8'),
    'tls.key': await readFile(host.keyFile, 'utf8'),
  };
}

async function rucioProgram(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'rucio-front.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

async function addressOf(kubectl: Kubectl, pod: string): Promise<string> {
  const { status } = await kubectl.json<{ status: { podIP: string } }>([
    ...['get', 'pod', pod, '-o', 'json'],
  ]);
  return status.podIP;
}

function configMap(name: string, data: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

function rucioPod(sessionSeconds: number): object {
  return pod(RUCIO, {
    image: STOCK_NODE,
    command: ['node', '/app/rucio.cjs'],
    env: [{ name: FRONT.sessionSeconds, value: String(sessionSeconds) }],
    port: FRONT.port,
    volumes: {
      app: ['/app', { configMap: { name: RUCIO } }],
      tls: [FRONT.tlsDirectory, { secret: { secretName: 'test-tls' } }],
    },
  });
}

function redisPod(): object {
  return pod(REDIS, {
    image: REDIS_IMAGE,
    command: ['redis-server', '/etc/redis/redis.conf'],
    env: [],
    port: 6379,
    volumes: {
      configuration: ['/etc/redis', { secret: { secretName: REDIS } }],
      tls: ['/etc/redis-tls', { secret: { secretName: 'test-tls' } }],
      data: ['/data', { emptyDir: {} }],
    },
  });
}

function redisConfiguration(password: string): string {
  const lines = [
    ...['port 0', 'tls-port 6379', 'tls-auth-clients no', 'save ""', 'dir /data'],
    'tls-cert-file /etc/redis-tls/tls.crt',
    'tls-key-file /etc/redis-tls/tls.key',
    'tls-ca-cert-file /etc/redis-tls/ca.crt',
    `requirepass ${password}`,
  ];
  return `${lines.join('\n')}\n`;
}

interface PodParts {
  readonly image: string;
  readonly command: readonly string[];
  readonly env: readonly object[];
  readonly port: number;
  /** By name: where it is mounted, and what it is. */
  readonly volumes: Readonly<Record<string, readonly [string, object]>>;
}

function pod(name: string, { image, command, env, port, volumes }: PodParts): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/name': name } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
        // Rucio's own port; this setting of the kernel is among the safe ones.
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
      },
      containers: [
        {
          name,
          image,
          command,
          env,
          readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
          resources: {
            requests: { cpu: '50m', memory: '64Mi' },
            limits: { cpu: '1', memory: '256Mi' },
          },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: Object.entries(volumes).map(([volume, [mountPath]]) => ({
            name: volume,
            mountPath,
          })),
        },
      ],
      volumes: Object.entries(volumes).map(([volume, [, source]]) => ({ name: volume, ...source })),
    },
  };
}
