import { z } from 'zod';

import { PORTS } from '../endpoints';
import { Port } from '../server-document';
import { SiteBrand, SiteName, SupportContact } from '../sites';
import {
  AddressBlock,
  Annotations,
  HostName,
  Labels,
  ObjectName,
  OptionalObjectName,
  QualifiedName,
} from './kubernetes';
import { CertificateRequest } from './operations';

const OptionalHost = z
  .union([z.literal(''), HostName])
  .default('')
  .meta({ description: 'The public host name', examples: ['rucio-mcp.example.com'] });

export const Ingress = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: 'Whether it is made' }),
    className: z
      .union([z.literal(''), ObjectName])
      .default('nginx')
      .meta({ description: 'IngressClass; "" for the default' }),
    host: OptionalHost,
    annotations: z
      .record(QualifiedName, z.string())
      .default({ 'cert-manager.io/cluster-issuer': 'letsencrypt-prod' })
      .meta({ description: 'Annotations of the Ingress' }),
    flavor: z.enum(['nginx', 'traefik', 'haproxy', 'none']).default('nginx').meta({
      description: 'Whose annotations switch off buffering and short timeouts',
    }),
    tls: z
      .strictObject({
        enabled: z.boolean().default(true).meta({ description: 'Whether it ends TLS' }),
        secretName: OptionalObjectName.meta({
          description: 'Secret with the certificate; "" for the name of the objects with -tls',
        }),
        certificate: CertificateRequest,
      })
      .prefault({})
      .meta({ description: 'TLS of the Ingress' }),
  })
  .prefault({})
  .meta({ description: 'The Ingress in front of the server' });

const ParentRef = z.strictObject({
  name: ObjectName.meta({ description: 'Name of the Gateway' }),
  namespace: OptionalObjectName.meta({ description: 'Its namespace; "" for ours' }),
  sectionName: OptionalObjectName.meta({ description: 'Its listener; "" for all' }),
  port: Port.optional().meta({ description: 'Its port; unset for all' }),
});

export const Gateway = z
  .strictObject({
    enabled: z.boolean().default(false).meta({ description: 'Whether it is made' }),
    host: OptionalHost,
    parentRefs: z
      .array(ParentRef)
      .default([])
      .meta({ description: 'The Gateways that it belongs to' }),
    annotations: Annotations,
  })
  .prefault({})
  .meta({ description: 'An HTTPRoute of the Gateway API' });

export const Service = z
  .strictObject({
    type: z
      .enum(['ClusterIP', 'NodePort', 'LoadBalancer'])
      .default('ClusterIP')
      .meta({ description: 'Type of the Service' }),
    port: Port.default(80),
    annotations: Annotations,
  })
  .prefault({})
  .meta({ description: 'The Service of the MCP endpoint' });

export const Server = z
  .strictObject({
    host: z
      .string()
      .refine(isAddress, { error: 'is not an IP address' })
      .default('0.0.0.0')
      .meta({ description: 'IP address that the server listens on, in the pod' }),
    port: Port.default(PORTS.http),
    metricsPort: Port.default(PORTS.metrics),
    resourceUrl: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })])
      .default('')
      .meta({
        description: 'Public URL of the server; overrides what the ingress or gateway says',
        examples: ['https://rucio-mcp.example.com'],
      }),
    supportContact: z
      .union([z.literal(''), SupportContact])
      .default('')
      .meta({
        description: 'Where users find help, shown on the pages of the server; "" for none',
        examples: ['mailto:data-support@example.org', 'https://help.example.org/rucio'],
      }),
    brands: z
      .record(SiteName, SiteBrand)
      .default({})
      .meta({
        description: 'What people see of a site, by its name: title, logoText, supportContact',
        examples: [{ atlas: { title: 'The ATLAS experiment', logoText: 'ATLAS' } }],
      }),
    allowedHosts: z.array(z.string().min(1)).default([]).meta({
      description: 'More host names that clients may use',
    }),
    allowedOrigins: z
      .array(z.url({ protocol: /^https?$/ }))
      .default([])
      .meta({ description: 'Origins of browser clients', examples: [['http://localhost:6274']] }),
    drainSeconds: z.int().min(0).max(300).default(30).meta({
      description: 'How long a stopping pod lets running calls finish, in seconds',
    }),
  })
  .prefault({})
  .meta({ description: 'The listeners and the public identity of the server' });

/** The chart takes one string, with `*` for everybody or addresses with commas; a list is clearer. */
export const ForwardedAllowIps = z
  .union([
    z.string().refine((text) => splitAddresses(text).every(isProxy), {
      error: 'is neither "*" nor a list of IP addresses or CIDR blocks',
    }),
    z.array(AddressBlock),
  ])
  .default('*')
  .meta({
    description:
      'Proxies whose X-Forwarded-For is believed: addresses or CIDR blocks, or "*" for any ' +
      'peer that the NetworkPolicy admits. With "*" the last address of the header counts; where ' +
      'two proxies stand in a row, list both of them',
  });

/** The parts of a list that is written as one string. */
export function splitAddresses(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function isAddress(text: string): boolean {
  return z.union([z.ipv4(), z.ipv6()]).safeParse(text).success;
}

function isProxy(part: string): boolean {
  return part === '*' || AddressBlock.safeParse(part).success;
}

export const NetworkPolicy = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: 'Whether it is made' }),
    ingressNamespaceLabels: Labels.meta({
      description: 'Labels of the namespace that traffic comes from; {} for any',
    }),
    monitoringNamespaceLabels: Labels.meta({
      description: 'Labels of the namespace that scrapes metrics; {} for any',
    }),
    egressBlocks: z
      .array(AddressBlock)
      .default([])
      .meta({
        description:
          "Blocks that hold the sites' servers and what a robot signs in at (identity provider, KDC); " +
          '[] for any address',
      }),
  })
  .prefault({})
  .meta({ description: 'Who may reach the pod, and whom it may reach' });
