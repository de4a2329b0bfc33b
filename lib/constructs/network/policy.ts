import { BlockList, isIPv6 } from 'node:net';

import { type LabelSelector, matchesLabels } from '../../contract/label-selector';

export interface PolicyPeer {
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PolicyPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
}

/** `spec` of a NetworkPolicy. */
export interface PolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly {
    readonly from?: readonly PolicyPeer[];
    readonly ports?: readonly PolicyPort[];
  }[];
  readonly egress?: readonly {
    readonly to?: readonly PolicyPeer[];
    readonly ports?: readonly PolicyPort[];
  }[];
}

type Labels = Readonly<Record<string, string>>;

/** An end of a connection: a pod of the cluster, or an address outside of it. */
export type Endpoint =
  | {
      readonly kind: 'pod';
      readonly namespace: Labels;
      readonly labels: Labels;
      /** Whether it is in the namespace of the policy. */
      readonly isLocal: boolean;
    }
  | { readonly kind: 'address'; readonly address: string };

/** One connection between the pod and somebody. */
export interface Connection {
  readonly direction: 'ingress' | 'egress';
  readonly endpoint: Endpoint;
  readonly protocol: string;
  readonly port: number;
}

/**
 * Whether policies admit a connection: they do where none of them is about its direction, or where
 * a rule of any of them does.
 *
 * @param policies - those that select the pod
 * @param named - the pod's ports by name
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function admits(
  policies: readonly PolicySpec[],
  connection: Connection,
  named: Readonly<Record<string, number>>,
): boolean {
  const about = policies.filter((policy) => isAbout(policy, connection.direction));
  if (about.length === 0) return true;
  return about.some((policy) =>
    rulesOf(policy, connection.direction).some(
      ({ peers, ports }) =>
        (peers === undefined || peers.length === 0
          ? true
          : peers.some((peer) => matchesPeer(peer, connection.endpoint))) &&
        (ports === undefined || ports.length === 0
          ? true
          : ports.some((port) => matchesPort(port, connection, named))),
    ),
  );
}

function isAbout(policy: PolicySpec, direction: Connection['direction']): boolean {
  const types =
    policy.policyTypes ?? (policy.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
  return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
}

function rulesOf(
  policy: PolicySpec,
  direction: Connection['direction'],
): { peers: readonly PolicyPeer[] | undefined; ports: readonly PolicyPort[] | undefined }[] {
  return direction === 'ingress'
    ? (policy.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (policy.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
}

function matchesPeer(peer: PolicyPeer, endpoint: Endpoint): boolean {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock !== undefined) {
    if (endpoint.kind !== 'address') return false;
    const { cidr, except = [] } = ipBlock;
    return (
      isInBlock(endpoint.address, cidr) && !except.some((hole) => isInBlock(endpoint.address, hole))
    );
  }
  if (endpoint.kind !== 'pod') return false;
  const inNamespace =
    namespaceSelector === undefined
      ? endpoint.isLocal
      : matchesLabels(namespaceSelector, endpoint.namespace);
  return inNamespace && (podSelector === undefined || matchesLabels(podSelector, endpoint.labels));
}

function matchesPort(
  { port, endPort, protocol = 'TCP' }: PolicyPort,
  connection: Connection,
  named: Readonly<Record<string, number>>,
): boolean {
  if (protocol !== connection.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') {
    return connection.direction === 'ingress' && named[port] === connection.port;
  }
  return port <= connection.port && connection.port <= (endPort ?? port);
}

/** Whether an address is in a CIDR block; one of the other family never is. */
export function isInBlock(address: string, cidr: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/');
  const family = (text: string) => (isIPv6(text) ? 'ipv6' : 'ipv4');
  if (family(network) !== family(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family(network));
  return list.check(address, family(address));
}
