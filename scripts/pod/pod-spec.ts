import { z } from 'zod';

/**
 * The part of a pod's specification that {@link startPod} honours. Every field that is not named
 * here is refused, so that nothing is skipped in silence.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#podspec-v1-core
 */

/** Fields that mean something to a cluster only: placement, isolation, images, accounting. */
const CLUSTER_ONLY = z.unknown().optional();

const Mode = z.int().min(0).max(0o777);
const KeyToPath = z.strictObject({ key: z.string(), path: z.string(), mode: Mode.optional() });

/** ConfigMap or Secret as a source of files. */
const sourceShape = { items: z.array(KeyToPath).optional(), optional: z.boolean().optional() };
const ConfigMapSource = z.strictObject({ name: z.string(), ...sourceShape });

const Volume = z.union([
  z.strictObject({
    name: z.string(),
    configMap: ConfigMapSource.extend({ defaultMode: Mode.default(0o644) }),
  }),
  z.strictObject({
    name: z.string(),
    secret: z.strictObject({
      secretName: z.string(),
      ...sourceShape,
      defaultMode: Mode.default(0o644),
    }),
  }),
  z.strictObject({
    name: z.string(),
    projected: z.strictObject({
      defaultMode: Mode.default(0o644),
      sources: z.array(
        z.union([
          z.strictObject({ configMap: ConfigMapSource }),
          z.strictObject({ secret: ConfigMapSource }),
        ]),
      ),
    }),
  }),
]);
export type Volume = z.output<typeof Volume>;

const EnvVar = z.strictObject({
  name: z.string(),
  value: z.union([z.string(), z.null()]).optional(),
});

/** Defaults are those of the API server. */
export const Probe = z.strictObject({
  httpGet: z.strictObject({
    path: z.string().default('/'),
    port: z.union([z.string(), z.int()]),
    scheme: z.literal('HTTP').default('HTTP'),
    httpHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  }),
  initialDelaySeconds: z.number().min(0).default(0),
  periodSeconds: z.number().positive().default(10),
  timeoutSeconds: z.number().positive().default(1),
  successThreshold: z.int().min(1).default(1),
  failureThreshold: z.int().min(1).default(3),
});
export type Probe = z.output<typeof Probe>;

const Container = z.strictObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: CLUSTER_ONLY,
  command: z.array(z.string()).min(1, { error: 'must name the program to run' }),
  args: z.array(z.string()).default([]),
  workingDir: z.string().startsWith('/').default('/'),
  env: z.array(EnvVar).default([]),
  ports: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        containerPort: z.int().min(1).max(65_535),
        protocol: z.literal('TCP').optional(),
      }),
    )
    .default([]),
  volumeMounts: z
    .array(
      z.strictObject({
        name: z.string(),
        mountPath: z.string().startsWith('/'),
        readOnly: z.boolean().optional(),
      }),
    )
    .default([]),
  startupProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  /** A pause before the stop lets load balancers notice; there is none here, so nobody waits. */
  lifecycle: z
    .strictObject({
      preStop: z.strictObject({ sleep: z.strictObject({ seconds: z.number() }) }).optional(),
    })
    .optional(),
  resources: CLUSTER_ONLY,
  securityContext: CLUSTER_ONLY,
  terminationMessagePath: CLUSTER_ONLY,
  terminationMessagePolicy: CLUSTER_ONLY,
});
export type Container = z.output<typeof Container>;

export const PodSpec = z.strictObject({
  containers: z.tuple([Container], { error: 'must have exactly one container' }),
  volumes: z.array(Volume).default([]),
  terminationGracePeriodSeconds: z.number().min(0).default(30),
  restartPolicy: z.literal('Always').optional(),
  automountServiceAccountToken: z.literal(false, {
    error: 'must be false: there is no ServiceAccount token to mount here',
  }),
  enableServiceLinks: z.literal(false, {
    error: 'must be false: there are no Services to link here',
  }),
  affinity: CLUSTER_ONLY,
  dnsConfig: CLUSTER_ONLY,
  dnsPolicy: CLUSTER_ONLY,
  hostUsers: CLUSTER_ONLY,
  imagePullSecrets: CLUSTER_ONLY,
  nodeSelector: CLUSTER_ONLY,
  priorityClassName: CLUSTER_ONLY,
  securityContext: CLUSTER_ONLY,
  serviceAccountName: CLUSTER_ONLY,
  tolerations: CLUSTER_ONLY,
  topologySpreadConstraints: CLUSTER_ONLY,
});
export type PodSpec = z.output<typeof PodSpec>;
