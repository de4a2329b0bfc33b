import { LOADER } from '../bundle/loader';
import type { Bundle } from '../bundle/manifest';
import {
  ENVIRONMENT,
  MOUNTS,
  PATHS,
  PORT_NAMES,
  SERVER_DOCUMENT_FILE,
} from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import { APP_NAME } from '../contract/release';
import type { ServerContext } from './context';
import { serverImage } from './image';
import type {
  Container,
  EnvVar,
  Probe,
  ResourceRequirements,
  SecurityContext,
} from './kubernetes-shapes';
import type { PodVolume } from './volumes';

/** How long a stopping pod still serves while the load balancers forget it, in seconds. */
export const PRE_STOP_SECONDS = 5;

/** Room for Node, the bundle and 128 calls at once; logs are all that the container writes. */
const RESOURCES: ResourceRequirements = {
  requests: { cpu: '50m', memory: '128Mi', 'ephemeral-storage': '16Mi' },
  limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '64Mi' },
};

/** Pod Security Standards, level "restricted", and a root file system that nobody writes to. */
const SECURITY_CONTEXT: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** The one container of the pod: a stock Node that runs the bundle, without a shell. */
export function serverContainer(
  { plan, bundle }: ServerContext,
  volumes: readonly PodVolume[],
): Container {
  const { values } = plan;
  return {
    name: APP_NAME,
    image: serverImage(plan),
    imagePullPolicy: values.image.pullPolicy,
    command: ['node'],
    args: ['-e', LOADER],
    env: environment(plan, bundle),
    ports: [
      { name: PORT_NAMES.http, containerPort: values.server.port, protocol: 'TCP' },
      { name: PORT_NAMES.metrics, containerPort: values.server.metricsPort, protocol: 'TCP' },
    ],
    startupProbe: probe(PATHS.readyz, { periodSeconds: 1, failureThreshold: 60 }),
    readinessProbe: probe(PATHS.readyz, { periodSeconds: 5, failureThreshold: 2 }),
    livenessProbe: probe(PATHS.healthz, { periodSeconds: 10, failureThreshold: 3 }),
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    resources: resources(values),
    securityContext: { ...SECURITY_CONTEXT, ...values.securityContext },
    volumeMounts: volumes.map(({ mount }) => mount),
  };
}

/** Quantities as text: `cpu: 1` and `cpu: "1"` are the same manifest. */
function resources({ resources: given }: Plan['values']): ResourceRequirements {
  if (given === undefined) return RESOURCES;
  const entries = Object.entries(given).map(([kind, quantities]) => [
    kind,
    Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, String(value)])),
  ]);
  return Object.fromEntries(entries) as ResourceRequirements;
}

function environment({ values }: Plan, bundle: Bundle): EnvVar[] {
  return [
    { name: ENVIRONMENT.config, value: `${MOUNTS.config}/${SERVER_DOCUMENT_FILE}` },
    { name: ENVIRONMENT.bundleDir, value: MOUNTS.bundle },
    { name: ENVIRONMENT.bundleSha256, value: bundle.sha256 },
    { name: ENVIRONMENT.bundleChunks, value: String(bundle.chunks.length) },
    ...(values.extraEnv as unknown as EnvVar[]),
  ];
}

function probe(path: string, timing: { periodSeconds: number; failureThreshold: number }): Probe {
  return { httpGet: { path, port: PORT_NAMES.http }, timeoutSeconds: 3, ...timing };
}
