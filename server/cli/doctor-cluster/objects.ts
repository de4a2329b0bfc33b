import { z } from 'zod';

/** The parts of Kubernetes' objects that the checks read. Everything else is let through unseen. */
const Labels = z.record(z.string(), z.string()).default({});
const Metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  generation: z.number().default(0),
  labels: Labels,
  annotations: Labels,
});
const Conditions = z
  .array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().default(''),
      message: z.string().default(''),
    }),
  )
  .default([]);

const KeyItems = z.array(z.object({ key: z.string(), path: z.string() })).optional();
const Volume = z.object({
  name: z.string(),
  configMap: z.object({ name: z.string() }).optional(),
  secret: z.object({ secretName: z.string(), items: KeyItems }).optional(),
  projected: z
    .object({
      sources: z
        .array(z.object({ configMap: z.object({ name: z.string() }).optional() }))
        .default([]),
    })
    .optional(),
});
const Container = z.object({
  name: z.string(),
  image: z.string().default(''),
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
});
export const PodSpec = z.object({
  containers: z.array(Container),
  volumes: z.array(Volume).default([]),
});
export type PodSpec = z.output<typeof PodSpec>;

const LabelSelector = z
  .object({
    matchLabels: Labels,
    matchExpressions: z
      .array(
        z.object({
          key: z.string(),
          operator: z.string(),
          values: z.array(z.string()).default([]),
        }),
      )
      .default([]),
  })
  .prefault({});

export const Deployment = z.object({
  metadata: Metadata,
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: LabelSelector,
    template: z.object({
      metadata: z.object({ annotations: Labels, labels: Labels }),
      spec: PodSpec,
    }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      conditions: Conditions,
    })
    .prefault({}),
});
export type Deployment = z.output<typeof Deployment>;

const Terminated = z.object({
  reason: z.string().default(''),
  exitCode: z.number().default(0),
});
const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: z
    .object({
      waiting: z
        .object({ reason: z.string().default(''), message: z.string().default('') })
        .optional(),
    })
    .prefault({}),
  lastState: z.object({ terminated: Terminated.optional() }).prefault({}),
});
export const Pod = z.object({
  metadata: Metadata.extend({ deletionTimestamp: z.string().optional() }),
  status: z
    .object({
      phase: z.string().default('Unknown'),
      reason: z.string().default(''),
      conditions: Conditions,
      containerStatuses: z.array(ContainerStatus).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
});
export type Pod = z.output<typeof Pod>;

export function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

export const Service = z.object({
  metadata: Metadata,
  spec: z.object({
    selector: Labels,
    ports: z.array(z.object({ name: z.string().default(''), port: z.number() })).default([]),
  }),
});
export type Service = z.output<typeof Service>;

export const EndpointSlice = z.object({
  metadata: Metadata,
  endpoints: z
    .array(z.object({ conditions: z.object({ ready: z.boolean().optional() }).prefault({}) }))
    .nullable()
    .default([]),
});

export const Ingress = z.object({
  metadata: Metadata,
  spec: z.object({
    ingressClassName: z.string().optional(),
    tls: z
      .array(
        z.object({ hosts: z.array(z.string()).default([]), secretName: z.string().optional() }),
      )
      .default([]),
  }),
  status: z
    .object({ loadBalancer: z.object({ ingress: z.array(z.unknown()).default([]) }).prefault({}) })
    .prefault({}),
});
export type Ingress = z.output<typeof Ingress>;

export const NetworkPolicy = z.object({
  metadata: Metadata,
  spec: z.object({ podSelector: LabelSelector, policyTypes: z.array(z.string()).default([]) }),
});

export const Budget = z.object({
  metadata: Metadata,
  spec: z.object({ selector: LabelSelector }),
  status: z
    .object({
      disruptionsAllowed: z.number().default(0),
      currentHealthy: z.number().default(0),
      desiredHealthy: z.number().default(0),
    })
    .prefault({}),
});

export const Autoscaler = z.object({
  metadata: Metadata,
  spec: z.object({
    maxReplicas: z.number(),
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
  }),
  status: z.object({ currentReplicas: z.number().default(0), conditions: Conditions }).prefault({}),
});

export const Quota = z.object({
  metadata: Metadata,
  status: z.object({ hard: Labels, used: Labels }).prefault({}),
});

export const ConfigMap = z.object({ metadata: Metadata, data: Labels });

export const Event = z.object({
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
  reason: z.string().default(''),
  message: z.string().default(''),
});
export type Event = z.output<typeof Event>;

export const Named = z.object({ metadata: Metadata });

export function listOf<T>(item: z.ZodType<T>) {
  return z.object({ items: z.array(item) });
}
