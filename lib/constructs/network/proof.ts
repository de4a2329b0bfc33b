import { type LabelSelector, matchesLabels } from '../../contract/label-selector';
import { edgesOf } from './addresses';
import type { Flow, Peer } from './flows';
import { type Connection, type Endpoint, type PolicySpec, admits, isInBlock } from './policy';

/** Addresses that no block of an operator contains by chance: documentation (RFC 5737, RFC 3849). */
const ELSEWHERE = ['203.0.113.77', '3fff:ffff::77'];

/** A port that no flow and no rule names. */
const OTHER_PORT = 47_123;

export interface ProofInput {
  readonly flows: readonly Flow[];
  /** The policies that select the pod. */
  readonly policies: readonly PolicySpec[];
  /** The pod's ports by name. */
  readonly named: Readonly<Record<string, number>>;
  /** Labels of the pod's own namespace. */
  readonly namespace: Readonly<Record<string, string>>;
}

/**
 * Shows that policies admit exactly the flows, in both directions. Rules and flows tell only so
 * many connections apart: by the labels and blocks that they name, and by their ports and the ports
 * beside them. One connection of each sort is tried.
 *
 * @returns one message a hole (admitted, not needed) and a gap (needed, not admitted)
 */
export function flowProblems(input: ProofInput): string[] {
  const { flows, policies, named } = input;
  const endpoints = endpointsOf(input);
  const ports = portsOf(input);
  const problems = new Set<string>();
  for (const direction of ['ingress', 'egress'] as const) {
    for (const endpoint of endpoints) {
      for (const protocol of ['TCP', 'UDP', 'SCTP']) {
        for (const port of ports) {
          const connection: Connection = { direction, endpoint, protocol, port };
          const flow = flows.find((candidate) => needs(candidate, connection));
          const isAdmitted = admits(policies, connection, named);
          if (flow === undefined && isAdmitted) problems.add(hole(connection));
          if (flow !== undefined && !isAdmitted) problems.add(gap(flow, connection));
        }
      }
    }
  }
  return [...problems];
}

function hole({ direction, endpoint, protocol, port }: Connection): string {
  const sort = port === OTHER_PORT ? 'any port' : `port ${port}`;
  return `NetworkPolicy hole: ${direction} ${titleOf(endpoint)}, ${protocol} ${sort}, is admitted, but nothing needs it`;
}

function gap(flow: Flow, { direction, endpoint }: Connection): string {
  return `NetworkPolicy gap: ${direction} of "${flow.name}" (${flow.protocol} ${flow.port}), ${titleOf(endpoint)}, is needed, but not admitted`;
}

function titleOf(endpoint: Endpoint): string {
  if (endpoint.kind === 'address') return `address ${endpoint.address}`;
  return `pod ${JSON.stringify(endpoint.labels)} of namespace ${JSON.stringify(endpoint.namespace)}`;
}

function needs(flow: Flow, { direction, endpoint, protocol, port }: Connection): boolean {
  return (
    flow.direction === direction &&
    flow.protocol === protocol &&
    flow.port === port &&
    flow.peers.some((peer) => isPeer(peer, endpoint))
  );
}

function isPeer(peer: Peer, endpoint: Endpoint): boolean {
  switch (peer.kind) {
    case 'any':
      return true;
    case 'block':
      return endpoint.kind === 'address' && isInBlock(endpoint.address, peer.cidr);
    case 'namespaces':
      return (
        endpoint.kind === 'pod' && matchesLabels({ matchLabels: peer.labels }, endpoint.namespace)
      );
    case 'pods':
      return (
        endpoint.kind === 'pod' &&
        endpoint.isLocal &&
        matchesLabels({ matchLabels: peer.labels }, endpoint.labels)
      );
  }
}

/** One endpoint of every sort that flows and rules can tell apart. */
function endpointsOf({ flows, policies, namespace }: ProofInput): Endpoint[] {
  const flowPeers = flows.flatMap(({ peers }) => peers);
  const rulePeers = policies.flatMap(({ ingress = [], egress = [] }) => [
    ...ingress.flatMap(({ from = [] }) => from),
    ...egress.flatMap(({ to = [] }) => to),
  ]);
  const cidrs = [
    ...flowPeers.flatMap((peer) => (peer.kind === 'block' ? [peer.cidr] : [])),
    ...rulePeers.flatMap(({ ipBlock }) =>
      ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])],
    ),
  ];
  const namespaces = [
    {},
    ...flowPeers.flatMap((peer) => (peer.kind === 'namespaces' ? [peer.labels] : [])),
    ...rulePeers.map(({ namespaceSelector }) => sample(namespaceSelector)),
  ];
  const labels = [
    {},
    ...flowPeers.flatMap((peer) => (peer.kind === 'pods' ? [peer.labels] : [])),
    ...rulePeers.map(({ podSelector }) => sample(podSelector)),
  ];
  return [
    ...[...ELSEWHERE, ...cidrs.flatMap(edgesOf)].map((address): Endpoint => ({
      kind: 'address',
      address,
    })),
    ...distinct(labels).flatMap((pod): Endpoint[] => [
      { kind: 'pod', namespace, labels: pod, isLocal: true },
      ...distinct(namespaces).map((other): Endpoint => ({
        kind: 'pod',
        namespace: other,
        labels: pod,
        isLocal: false,
      })),
    ]),
  ];
}

/** Labels that a selector selects. */
function sample(selector: LabelSelector | undefined): Record<string, string> {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const wanted = matchExpressions
    .filter(({ operator }) => operator === 'In' || operator === 'Exists')
    .map(({ key, values = [] }) => [key, values[0] ?? 'x']);
  return { ...matchLabels, ...(Object.fromEntries(wanted) as Record<string, string>) };
}

function portsOf({ flows, policies, named }: ProofInput): number[] {
  const rulePorts = policies
    .flatMap(({ ingress = [], egress = [] }) => [...ingress, ...egress])
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ port, endPort }) => {
      const first = typeof port === 'string' ? named[port] : port;
      return [first, endPort].filter((number) => number !== undefined);
    });
  const all = [...flows.map(({ port }) => port), ...Object.values(named), ...rulePorts];
  const near = all.flatMap((port) => [port - 1, port, port + 1]);
  return [...new Set([...near, OTHER_PORT])].filter((port) => port >= 1 && port <= 65_535);
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
