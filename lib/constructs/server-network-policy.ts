import { IntOrString, KubeNetworkPolicy } from 'cdk8s-plus-28/lib/imports/k8s';
import type {
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { PORT_NAMES } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { DNS_PORT } from './network/dns';
import { portOf, robotProvider, toCidr } from './network/flows';
import { KDC_PORT } from './network/kerberos';
import { createResource } from './resource';
import { smokeTestLabels } from './smoke-test';

/** Where pixi's packages come from. */
const CONDA_CHANNEL = 'https://conda.anaconda.org';

/**
 * Who may reach the pod (clients on `http`, Prometheus on `metrics`), and whom it may reach: name
 * servers, the ports of the configured Rucio servers, and what the configuration needs besides.
 */
export class ServerNetworkPolicy extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    const { networkPolicy } = plan.values;
    createResource(this, 'policy', KubeNetworkPolicy, {
      metadata: { name: plan.fullName, labels: objectLabels(plan, bundle.version, 'server') },
      spec: {
        podSelector: { matchLabels: selectorLabels(plan) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            ports: [{ port: IntOrString.fromString(PORT_NAMES.http), protocol: 'TCP' }],
            ...from(networkPolicy.ingressNamespaceLabels),
          },
          {
            ports: [{ port: IntOrString.fromString(PORT_NAMES.metrics), protocol: 'TCP' }],
            ...from(networkPolicy.monitoringNamespaceLabels),
          },
          ...smokeTestRule(plan),
        ],
        egress: [
          { ports: [port(DNS_PORT, 'UDP'), port(DNS_PORT, 'TCP')] },
          {
            ports: rucioPorts(plan).map((number) => port(number, 'TCP')),
            ...to(networkPolicy.egressBlocks),
          },
          ...kerberosRule(plan),
          ...otherPorts(plan).map((number) => ({ ports: [port(number, 'TCP')] })),
        ],
      },
    });
  }
}

/** The TCP ports of the servers that may be limited to blocks, ascending. */
export function rucioPorts({ server }: Plan): number[] {
  const urls = server.sites.flatMap((site) => [site.rucioHost, site.authHost]);
  const provider = robotProvider(server.auth);
  if (provider !== undefined) urls.push(provider);
  return [...new Set(urls.map(portOf))].sort((a, b) => a - b);
}

/** A robot that signs in by Kerberos asks the servers of its realm, which may be limited as Rucio is. */
function kerberosRule({ server: { auth }, values: { networkPolicy } }: Plan) {
  if (auth.mode !== 'sharedSecret' || auth.credentials.type !== 'gss') return [];
  const ports = [port(KDC_PORT, 'UDP'), port(KDC_PORT, 'TCP')];
  return [{ ports, ...to(networkPolicy.egressBlocks) }];
}

/** What is elsewhere than Rucio: the state store, the channel that pixi installs from, the collector. */
function otherPorts({ server, values }: Plan): number[] {
  const urls: string[] = [];
  if ('redis' in server.auth && server.auth.redis !== null) urls.push(server.auth.redis.url);
  if (values.runtime.kind === 'pixi') urls.push(CONDA_CHANNEL);
  if (server.tracing !== null) urls.push(server.tracing.endpoint);
  return urls.map(portOf);
}

/** Where clients come from one namespace only, the test of ours needs a rule of its own. */
function smokeTestRule(plan: Plan): NetworkPolicyIngressRule[] {
  const { smokeTest } = plan.values;
  if (!smokeTest.enabled) return [];
  return [
    {
      ports: [{ port: IntOrString.fromString(PORT_NAMES.http), protocol: 'TCP' }],
      from: [{ podSelector: { matchLabels: smokeTestLabels(plan) } }],
    },
  ];
}

function port(number: number, protocol: 'TCP' | 'UDP'): NetworkPolicyPort {
  return { port: IntOrString.fromNumber(number), protocol };
}

function from(namespaceLabels: Readonly<Record<string, string>>): {
  readonly from?: NetworkPolicyPeer[];
} {
  if (Object.keys(namespaceLabels).length === 0) return {};
  return { from: [{ namespaceSelector: { matchLabels: namespaceLabels } }] };
}

function to(blocks: readonly string[]): { readonly to?: NetworkPolicyPeer[] } {
  if (blocks.length === 0) return {};
  return { to: blocks.map((block) => ({ ipBlock: { cidr: toCidr(block) } })) };
}
