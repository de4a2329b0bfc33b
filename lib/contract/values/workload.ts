import { z } from 'zod';

import {
  Annotations,
  KubernetesObject,
  Labels,
  ObjectName,
  OptionalObjectName,
  Resources,
} from './kubernetes';

/** Where the container's image comes from; empty fields take the default of the runtime kind. */
export const Image = z
  .strictObject({
    repository: z
      .union([
        z.literal(''),
        z.string().regex(/^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?$/, { error: 'is not an image name' }),
      ])
      .default('')
      .meta({ description: 'Image without tag; "" for that of the runtime kind' }),
    tag: z
      .union([
        z.literal(''),
        z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, { error: 'is not an image tag' }),
      ])
      .default('')
      .meta({
        description: 'Image tag; "" for that of the runtime kind',
        fix: 'quote it: unquoted, 1.10 is the number 1.1',
      }),
    digest: z
      .union([z.literal(''), z.string().regex(/^sha256:[0-9a-f]{64}$/)])
      .default('')
      .meta({ description: 'sha256:... of the image' }),
    pullPolicy: z
      .enum(['Always', 'IfNotPresent', 'Never'])
      .default('IfNotPresent')
      .meta({ description: 'When the image is pulled' }),
  })
  .prefault({})
  .meta({ description: 'The image of the container' });

export const Runtime = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bundle') }),
    z.strictObject({
      kind: z.literal('image'),
      volume: z.boolean().default(false).meta({
        description: 'Mount the image as a volume into a stock Node image',
      }),
    }),
    z.strictObject({ kind: z.literal('pixi') }),
  ])
  .prefault({ kind: 'bundle' })
  .meta({
    description:
      'What runs in the pod: bundle (this server, from ConfigMaps, in a stock Node image), image ' +
      '(this server, from an image), pixi (the Python server, installed at start)',
  });

export const RucioMcp = z
  .strictObject({
    version: z.string().default('0.7.1').meta({
      description: 'Version of the Python server that pixi installs',
      fix: 'quote it: unquoted, 0.10 is the number 0.1',
    }),
    extraPixiDependencies: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: 'More conda packages, by name and version' }),
    pixiLockContent: z.string().default('').meta({ description: 'Text of a pixi.lock' }),
  })
  .prefault({})
  .meta({ description: 'runtime.kind pixi only: what is installed' });

export const ServiceAccount = z
  .strictObject({
    create: z.boolean().optional().meta({
      description: 'Whether it is made; unset: where no name of an existing one is given',
    }),
    name: OptionalObjectName.meta({ description: 'Its name; "" for that of the objects' }),
    annotations: Annotations,
  })
  .prefault({})
  .meta({ description: 'The ServiceAccount of the pod; its token is never mounted' });

/**
 * The chart's resources of both containers. A values file that names some of them keeps the others,
 * as with Helm; where it names none, our own server gets measured ones.
 */
export const CHART_RESOURCES = {
  requests: { cpu: '250m', memory: '512Mi' },
  limits: { cpu: '1000m', memory: '2Gi' },
} as const;
export const CHART_INIT_RESOURCES = {
  requests: { cpu: '500m', memory: '512Mi' },
  limits: { cpu: '2000m', memory: '2Gi' },
} as const;

/** Objects and lists of the pod specification that are handed on as they are. */
export const podShape = {
  imagePullSecrets: z
    .array(z.strictObject({ name: ObjectName }))
    .default([])
    .meta({ description: 'Secrets for the registry of the image' }),
  extraEnv: z.array(KubernetesObject).default([]).meta({
    description: 'More environment variables (corev1.EnvVar); never secrets in plain text',
  }),
  resources: Resources.prefault(CHART_RESOURCES).meta({
    description:
      'Resources of the container; left as it is, this server (runtime.kind bundle and image) ' +
      'gets its own, smaller ones',
  }),
  initResources: Resources.prefault(CHART_INIT_RESOURCES).meta({
    description: 'runtime.kind pixi only: resources of the init container',
  }),
  podAnnotations: Annotations,
  podLabels: Labels,
  nodeSelector: Labels.meta({ description: 'Labels of the nodes that the pod may run on' }),
  tolerations: z
    .array(KubernetesObject)
    .default([])
    .meta({ description: 'Taints of nodes that the pod tolerates (corev1.Toleration)' }),
  affinity: KubernetesObject.default({}).meta({
    description: 'Where the pod runs (corev1.Affinity)',
  }),
  podSecurityContext: KubernetesObject.default({}).meta({
    description: "Laid over the pod's security context (corev1.PodSecurityContext)",
  }),
  securityContext: KubernetesObject.default({}).meta({
    description: "Laid over the container's security context (corev1.SecurityContext)",
  }),
} as const;
