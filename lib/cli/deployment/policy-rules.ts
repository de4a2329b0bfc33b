import type { Peer } from '../../constructs/network/flows';
import type { PolicyPeer, PolicyPort, PolicySpec } from '../../constructs/network/policy';

/** How many address blocks are named; the rest is counted. */
const NAMED_BLOCKS = 2;

/** The prefix of labels that everything has. */
const COMMON = /^app\.kubernetes\.io\//;

type Labels = Readonly<Record<string, string>>;

/** The rules of a NetworkPolicy, a line each: `in TCP http from namespace ingress`. */
export function policyRules({ ingress = [], egress = [] }: PolicySpec): readonly string[] {
  return [
    ...ingress.map(({ from, ports }) => ['in', ports, 'from', from] as const),
    ...egress.map(({ to, ports }) => ['out', ports, 'to', to] as const),
  ].map(([direction, ports, word, peers]) => {
    const names =
      peers === undefined || peers.length === 0 ? 'anywhere' : folded(peers.map(toText));
    return `${direction} ${portsText(ports)} ${word} ${names}`;
  });
}

/** Who a peer of a flow may be. */
export function peersText(peers: readonly Peer[]): string {
  return folded(
    peers.map((peer) => {
      switch (peer.kind) {
        case 'any':
          return 'anywhere';
        case 'block':
          return peer.cidr;
        case 'namespaces':
          return namespacesText(peer.labels);
        case 'pods':
          return `pods with ${labelsText(peer.labels)}`;
      }
    }),
  );
}

function toText({ ipBlock, namespaceSelector, podSelector }: PolicyPeer): string {
  if (ipBlock !== undefined) {
    const { cidr, except = [] } = ipBlock;
    const where = /^(?:0\.0\.0\.0|::)\/0$/.test(cidr) ? 'everywhere' : cidr;
    return except.length === 0 ? where : `${where} but ${folded(except)}`;
  }
  const pods = labelsText(podSelector?.matchLabels ?? {});
  const namespaces =
    namespaceSelector === undefined
      ? undefined
      : namespacesText(namespaceSelector.matchLabels ?? {});
  if (namespaces === undefined) return pods === '' ? 'pods beside it' : `pods with ${pods}`;
  return pods === '' ? namespaces : `pods with ${pods} in ${namespaces}`;
}

/** Namespaces are mostly chosen by the label that says their name. */
function namespacesText(labels: Labels): string {
  const { 'kubernetes.io/metadata.name': name, ...others } = labels;
  const rest = labelsText(others);
  if (name !== undefined) return `namespace ${name}${rest === '' ? '' : ` with ${rest}`}`;
  return rest === '' ? 'any namespace' : `namespaces with ${rest}`;
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key.replace(COMMON, '')}=${value}`)
    .join(', ');
}

function portsText(ports: readonly PolicyPort[] | undefined): string {
  if (ports === undefined || ports.length === 0) return 'any port';
  return ports
    .map(({ protocol = 'TCP', port, endPort }) => {
      return `${protocol} ${port ?? 'any'}${endPort === undefined ? '' : `-${endPort}`}`;
    })
    .join(', ');
}

/** A list that stays short whatever its length. */
function folded(names: readonly string[]): string {
  const all = [...new Set(names)];
  if (all.length <= NAMED_BLOCKS + 1) return all.join(', ');
  return `${all.slice(0, NAMED_BLOCKS).join(', ')} and ${all.length - NAMED_BLOCKS} more`;
}
