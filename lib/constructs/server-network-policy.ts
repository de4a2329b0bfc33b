import { IntOrString, KubeNetworkPolicy } from 'cdk8s-plus-28/lib/imports/k8s';
import type { NetworkPolicyPeer, NetworkPolicyPort } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { PORT_NAMES } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { createResource } from './resource';

const DNS_PORT = 53;

/**
 * Who may reach the pod (clients on `http`, Prometheus on `metrics`), and whom it may reach: name
 * servers, and the ports of the configured Rucio servers.
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
        ],
        egress: [
          { ports: [port(DNS_PORT, 'UDP'), port(DNS_PORT, 'TCP')] },
          {
            ports: rucioPorts(plan).map((number) => port(number, 'TCP')),
            ...to(networkPolicy.egressBlocks),
          },
        ],
      },
    });
  }
}

/** The TCP ports of all servers that the pod calls, ascending. */
export function rucioPorts({ server }: Plan): number[] {
  const urls = server.sites.flatMap((site) => [site.rucioHost, site.authHost]);
  if (server.auth.mode === 'sharedSecret' && server.auth.credentials.type === 'oidc') {
    const { tokenEndpoint } = server.auth.credentials;
    if (tokenEndpoint !== '') urls.push(tokenEndpoint);
  }
  const ports = urls.map((text) => {
    const url = new URL(text);
    if (url.port !== '') return Number(url.port);
    return url.protocol === 'http:' ? 80 : 443;
  });
  return [...new Set(ports)].sort((a, b) => a - b);
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

/** One address is the smallest block. */
function toCidr(block: string): string {
  if (block.includes('/')) return block;
  return `${block}/${block.includes(':') ? 128 : 32}`;
}
