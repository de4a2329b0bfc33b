import { z } from 'zod';

/** A DNS label: names of Services, containers, ports. RFC 1123 section 2.1, at most 63 characters. */
export const DnsLabel = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'is not a DNS label (RFC 1123)' })
  .meta({ description: '1-63 lower-case letters, digits and inner hyphens' });

/** A DNS subdomain: names of most Kubernetes objects. RFC 1123, at most 253 characters. */
export const ObjectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, {
    error: 'is not a Kubernetes object name (RFC 1123 subdomain)',
  })
  .meta({ description: 'Lower-case letters, digits, hyphens and dots' });

/** `""` stands for "not set", as in the chart. */
export const OptionalObjectName = z
  .union([z.literal(''), ObjectName])
  .default('')
  .meta({ description: 'A Kubernetes object name, or "" for none' });

/** A key of a Secret or ConfigMap. */
export const DataKey = z
  .string()
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/, { error: 'is not a valid key of a Secret' })
  .refine((key) => key !== '.' && key !== '..', { error: 'must not be "." or ".."' })
  .meta({ description: 'A key in the Secret: letters, digits, "-", "_" and "."' });

export const OptionalDataKey = z
  .union([z.literal(''), DataKey])
  .default('')
  .meta({ description: 'A key in the Secret, or "" for none' });

export const HostName = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, {
    error: 'is not a host name',
  })
  .meta({
    description: 'A host name such as rucio-mcp.example.com',
    fix: 'write the name alone, without scheme, port or path',
  });

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export const Quantity = z
  .union([
    z.string().regex(/^[+]?(\d+(\.\d*)?|\.\d+)(m|k|Ki|[MGTPE]i?|[eE][+-]?\d+)?$/, {
      error: 'is not a Kubernetes quantity',
    }),
    z.number().nonnegative(),
  ])
  .meta({ description: 'A quantity such as 250m, 0.5, 512Mi or 2Gi' });

/**
 * The key of a label, an annotation or a resource: a name, or a DNS subdomain and a name.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const QualifiedName = z
  .string()
  .max(317)
  .regex(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
    { error: 'is not a qualified name such as example.com/name' },
  );

export const LabelValue = z
  .string()
  .regex(/^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/, { error: 'is not a label value' })
  .meta({ description: 'At most 63 letters, digits, "-", "_" and "."' });

export const Labels = z
  .record(QualifiedName, LabelValue)
  .default({})
  .meta({ description: 'Labels: strings of at most 63 letters, digits, "-", "_" and "."' });

export const Annotations = z
  .record(QualifiedName, z.string())
  .default({})
  .meta({ description: 'Annotations: a map of strings' });

/** A part of the pod that Kubernetes defines and we hand on; unknown fields are found at synth. */
export const KubernetesObject = z.record(z.string(), z.unknown());

export const Resources = z
  .strictObject({
    requests: z
      .record(QualifiedName, Quantity)
      .optional()
      .meta({ description: 'What is reserved, e.g. {cpu: 50m, memory: 128Mi}' }),
    limits: z.record(QualifiedName, Quantity).optional().meta({ description: 'What is the most' }),
  })
  .meta({ description: 'Container resources: requests and limits' });

/** Prometheus durations, as in `30s` or `1m30s`. */
export const PrometheusDuration = z
  .string()
  .regex(
    /^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$/,
    {
      error: 'is not a Prometheus duration',
    },
  )
  .meta({ description: 'A duration such as 30s or 1m30s' });

const AnyAddressBlock = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** An IP address or a CIDR block. */
export const AddressBlock = z
  .string()
  .refine((text) => AnyAddressBlock.safeParse(text).success, {
    error: 'is neither an IP address nor a CIDR block',
  })
  .meta({ description: 'An IP address or CIDR block, e.g. 10.0.0.0/8' });
