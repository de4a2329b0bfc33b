import { z } from 'zod';

import { NOT_A_REDIS_URL, REDIS_URL } from '../server-document';
import {
  DataKey,
  KubernetesObject,
  ObjectName,
  OptionalDataKey,
  OptionalObjectName,
} from './kubernetes';

const Percent = z.int().min(1).max(100);

export const Autoscaling = z
  .strictObject({
    enabled: z.boolean().default(false).meta({ description: 'Whether it is made' }),
    minReplicas: z.int().min(1).default(2).meta({ description: 'Fewest pods' }),
    maxReplicas: z.int().min(1).default(6).meta({ description: 'Most pods' }),
    targetCpuPercent: Percent.default(70).meta({
      description: 'Mean use of the requested CPU that is aimed at, in percent',
    }),
  })
  .prefault({})
  .meta({ description: 'A HorizontalPodAutoscaler; it replaces replicaCount' });

export const DisruptionBudget = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: 'Whether it is made; only where there is more than one pod',
    }),
    maxUnavailable: z.int().min(1).default(1).meta({ description: 'Pods that may be missing' }),
  })
  .prefault({})
  .meta({ description: 'A PodDisruptionBudget, so that drained nodes take one pod at a time' });

export const TopologySpread = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: 'Whether pods are spread' }),
    whenUnsatisfiable: z
      .enum(['ScheduleAnyway', 'DoNotSchedule'])
      .default('ScheduleAnyway')
      .meta({ description: 'What happens where they can not be spread' }),
  })
  .prefault({})
  .meta({ description: 'Pods of one version are spread over hosts and zones' });

export const StateStore = z
  .strictObject({
    redis: z
      .strictObject({
        url: z
          .union([z.literal(''), z.string().regex(REDIS_URL, { error: NOT_A_REDIS_URL })])
          .default('')
          .meta({
            description: 'redis:// or rediss:// URL without user and password; "" for none',
            fix: 'write the password into a Secret',
          }),
        username: z.string().default('').meta({
          description: "ACL user of Redis; empty for Redis' default user",
        }),
        existingSecret: OptionalObjectName.meta({
          description: 'Secret with the password, and with the CA certificate where one is needed',
        }),
        passwordKey: DataKey.default('password').meta({
          description: 'Key of the password in that Secret',
        }),
        caKey: OptionalDataKey.meta({
          description:
            "Key of the CA certificate (PEM) in that Secret, for rediss:// with a private authority; '' for the usual ones",
        }),
      })
      .prefault({})
      .meta({ description: 'Redis, where codes are marked as used for all pods' }),
  })
  .prefault({})
  .meta({ description: 'What several pods share' });

export const SmokeTest = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: 'Whether the Job is among the manifests; it asks the Service for /healthz once',
    }),
  })
  .prefault({})
  .meta({ description: 'A Job that proves that the Service answers, as "helm test" did' });

export const ExternalSecret = z
  .strictObject({
    name: ObjectName.meta({ description: 'The Secret that is made' }),
    store: z
      .strictObject({
        name: ObjectName.meta({ description: 'Name of the store' }),
        kind: z.enum(['SecretStore', 'ClusterSecretStore']).default('SecretStore'),
      })
      .meta({ description: 'Where the values come from' }),
    refreshInterval: z
      .string()
      .regex(/^\d+(s|m|h)$/, { error: 'is not a duration such as 1h' })
      .default('1h')
      .meta({ description: 'How often the store is asked' }),
    data: z
      .record(DataKey, z.strictObject({ key: z.string().min(1), property: z.string().default('') }))
      .meta({ description: 'For each key of the Secret: key and property in the store' }),
  })
  .meta({ description: 'An ExternalSecret of the External Secrets Operator' });

/** Where one of the operators of the cluster makes the certificate. */
export const CertificateRequest = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: 'Whether a Certificate of cert-manager is made, instead of an annotation',
    }),
    issuerName: OptionalObjectName.meta({ description: 'The issuer' }),
    issuerKind: z
      .enum(['ClusterIssuer', 'Issuer'])
      .default('ClusterIssuer')
      .meta({ description: 'Kind of the issuer' }),
  })
  .prefault({})
  .meta({ description: 'A Certificate object of cert-manager for the Secret of TLS' });

const list = (description: string) => z.array(KubernetesObject).default([]).meta({ description });

/** What operators add to the pod and beside it. */
export const extras = {
  priorityClassName: OptionalObjectName.meta({ description: 'PriorityClass of the pod' }),
  hostAliases: list('More lines for /etc/hosts (corev1.HostAlias)'),
  dnsConfig: KubernetesObject.default({}).meta({
    description: 'Name servers and search domains (corev1.PodDNSConfig)',
  }),
  extraArgs: z.array(z.string()).default([]).meta({
    description: 'runtime.kind pixi only: more arguments of "rucio-mcp serve"',
  }),
  extraVolumes: list('More volumes of the pod (corev1.Volume)'),
  extraVolumeMounts: list('Where the container sees them (corev1.VolumeMount)'),
  extraContainers: list('More containers of the pod (corev1.Container)'),
  extraObjects: list('More objects, written as they are; they pass the same checks'),
  externalSecrets: z.array(ExternalSecret).default([]).meta({
    description: 'Secrets that the External Secrets Operator makes',
  }),
} as const;
