import { PATHS, PORT_NAMES } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import { APP_NAME } from '../contract/release';
import { serverImage } from './image';
import type { Container, EnvVar, Probe, VolumeMount } from './kubernetes-shapes';
import { nonEmpty } from './non-empty';
import type { PodRuntime } from './pod-runtime';
import { containerSecurity } from './security';
import type { PodVolume } from './volumes';

/** How long a stopping pod still serves while the load balancers forget it, in seconds. */
export const PRE_STOP_SECONDS = 5;

/** The container of the server, whatever runs in it. */
export function serverContainer(
  plan: Plan,
  runtime: PodRuntime,
  volumes: readonly PodVolume[],
): Container {
  const { values } = plan;
  return {
    name: APP_NAME,
    image: serverImage(plan),
    imagePullPolicy: values.image.pullPolicy,
    ...(runtime.command === undefined ? {} : { command: runtime.command }),
    args: runtime.args,
    env: environment(runtime, values.extraEnv as unknown as EnvVar[]),
    ports: [
      { name: PORT_NAMES.http, containerPort: values.server.port, protocol: 'TCP' },
      { name: PORT_NAMES.metrics, containerPort: values.server.metricsPort, protocol: 'TCP' },
    ],
    startupProbe: probe(runtime.readyPath, {
      periodSeconds: 1,
      failureThreshold: runtime.startSeconds,
    }),
    readinessProbe: probe(runtime.readyPath, { periodSeconds: 5, failureThreshold: 2 }),
    livenessProbe: probe(PATHS.healthz, { periodSeconds: 10, failureThreshold: 3 }),
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    ...nonEmpty('resources', runtime.resources),
    securityContext: containerSecurity(values),
    volumeMounts: [
      ...volumes.map(({ mount }) => mount),
      ...(values.extraVolumeMounts as unknown as VolumeMount[]),
    ],
  };
}

/** A variable of the operator's wins over one of ours; no name stands twice. */
function environment({ env }: PodRuntime, extra: EnvVar[]): EnvVar[] {
  const theirs = new Set(extra.map(({ name }) => name));
  return [...env.filter(({ name }) => !theirs.has(name)), ...extra];
}

function probe(path: string, timing: { periodSeconds: number; failureThreshold: number }): Probe {
  return { httpGet: { path, port: PORT_NAMES.http }, timeoutSeconds: 3, ...timing };
}
