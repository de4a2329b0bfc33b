import type { Manifest } from '../../constructs/checks/manifest';
import { textsAt, valuesAt } from '../../constructs/checks/manifest';
import { podReferences } from '../../constructs/checks/references';
import { selectionOf } from '../../constructs/checks/selectors';
import { type Flow, type Peer, flowsOf } from '../../constructs/network/flows';
import type { Plan } from '../../contract/plan';

/** Where a node stands: outside of the deployment, made by it, or there before it. */
export type Place = 'caller' | 'made' | 'provided' | 'called';

export interface GraphNode {
  /** Of the object or peer, unique in a graph. */
  readonly id: string;
  readonly place: Place;
  /** `Deployment`, or who a peer is. */
  readonly title: string;
  /** The name of the object, or where a peer may be. */
  readonly detail: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** A connection, something that pods are given, or a rule about them. */
  readonly sort: 'traffic' | 'uses' | 'governs';
}

/** A deployment as it is drawn. */
export interface DeploymentGraph {
  readonly title: string;
  readonly namespace: string;
  /** Whether NetworkPolicies admit the drawn connections only. */
  readonly isIsolated: boolean;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * The objects of a deployment, what they name, and who talks to whom. Connections are the flows that
 * synth has proved to be all that the NetworkPolicies admit. Names of Secrets are in it, values never.
 */
export function deploymentGraph(plan: Plan, manifests: readonly Manifest[]): DeploymentGraph {
  const server = `Deployment/${plan.fullName}`;
  const parts = [
    ...manifests.map((manifest) => objectPart(manifest, manifests, plan)),
    ...flowsOf(plan).map((flow) => flowPart(flow, server, manifests)),
  ];
  const made = new Set(manifests.map(idOf));
  const nodes = parts
    .flatMap((part) => part.nodes)
    .filter(({ id, place }) => {
      return place !== 'provided' || !made.has(id);
    });
  return {
    title: plan.release.name,
    namespace: plan.release.namespace,
    isIsolated: plan.values.networkPolicy.enabled,
    nodes: [...new Map(nodes.map((node) => [node.id, node])).values()],
    edges: joined(parts.flatMap((part) => part.edges)),
  };
}

interface Part {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

function objectPart(manifest: Manifest, manifests: readonly Manifest[], plan: Plan): Part {
  const { kind, metadata } = manifest;
  const id = idOf(manifest);
  const elsewhere =
    metadata.namespace !== undefined && metadata.namespace !== plan.release.namespace;
  const bundled = manifests.filter((other) => idOf(other) === id).length;
  const references = podReferences(manifest).map((reference) => {
    const target = manifests.find(
      (other) => other.kind === reference.kind && other.metadata.name === reference.name,
    );
    return {
      ...reference,
      id: target === undefined ? `${reference.kind}/${reference.name}` : idOf(target),
    };
  });
  return {
    nodes: [
      {
        id,
        place: 'made',
        title: kind,
        detail: isBundle(manifest)
          ? `the server's code, in ${bundled} objects`
          : `${metadata.name}${elsewhere ? ` in ${metadata.namespace}` : ''}`,
      },
      ...references.map((reference): GraphNode => ({
        id: reference.id,
        place: 'provided',
        title: reference.kind,
        detail: reference.name,
      })),
    ],
    edges: [
      ...references.map((reference): GraphEdge => ({
        from: id,
        to: reference.id,
        label: '',
        sort: 'uses',
      })),
      ...objectEdges(manifest, manifests),
    ],
  };
}

function objectEdges(manifest: Manifest, manifests: readonly Manifest[]): GraphEdge[] {
  const from = idOf(manifest);
  const selected = selectionOf(manifest, manifests)?.found ?? [];
  const backends = [
    ...textsAt(manifest, 'spec.rules.*.http.paths.*.backend.service.name'),
    ...textsAt(manifest, 'spec.rules.*.backendRefs.*.name'),
  ];
  const isService = manifest.kind === 'Service';
  return [
    ...backends.map((name): GraphEdge => ({
      from,
      to: `Service/${name}`,
      label: [
        ...textsAt(manifest, 'spec.rules.*.host'),
        ...textsAt(manifest, 'spec.hostnames.*'),
      ].join(', '),
      sort: 'traffic',
    })),
    ...textsAt(manifest, 'spec.scaleTargetRef.name').map((name): GraphEdge => ({
      from,
      to: `Deployment/${name}`,
      label: '',
      sort: 'governs',
    })),
    ...selected
      .map(idOf)
      .filter((to) => to !== from)
      .map((to): GraphEdge => ({
        from,
        to,
        label: isService ? textsAt(manifest, 'spec.ports.*.name').join(', ') : '',
        sort: isService ? 'traffic' : 'governs',
      })),
  ];
}

function flowPart(flow: Flow, server: string, manifests: readonly Manifest[]): Part {
  const isInward = flow.direction === 'ingress';
  const own = isInward ? callerOf(flow, manifests) : undefined;
  const peer: GraphNode = {
    id: own === undefined ? `${flow.direction}/${flow.name}` : idOf(own),
    place: isInward ? 'caller' : 'called',
    title: flow.name,
    detail: flow.peers.map(peerText).join(', '),
  };
  const label = `${flow.protocol} ${flow.port}`;
  const [from, to] = isInward ? [peer.id, server] : [server, peer.id];
  return { nodes: own === undefined ? [peer] : [], edges: [{ from, to, label, sort: 'traffic' }] };
}

/** The workload of ours whose pods a flow comes from. */
function callerOf(flow: Flow, manifests: readonly Manifest[]): Manifest | undefined {
  const peer = flow.peers.find(({ kind }) => kind === 'pods');
  if (peer?.kind !== 'pods') return undefined;
  return manifests.find((manifest) => {
    const labels = podLabels(manifest);
    return Object.entries(peer.labels).every(([key, value]) => labels[key] === value);
  });
}

function podLabels(manifest: Manifest): Readonly<Record<string, string>> {
  const [labels = {}] = valuesAt(manifest, 'spec.template.metadata.labels');
  return labels as Readonly<Record<string, string>>;
}

function peerText(peer: Peer): string {
  const text = (labels: Readonly<Record<string, string>>) =>
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ');
  switch (peer.kind) {
    case 'any':
      return 'anywhere';
    case 'block':
      return peer.cidr;
    case 'namespaces':
      return `namespaces ${text(peer.labels)}`;
    case 'pods':
      return `pods ${text(peer.labels)}`;
  }
}

function isBundle({ kind, metadata }: Manifest): boolean {
  return kind === 'ConfigMap' && metadata.labels?.['app.kubernetes.io/component'] === 'bundle';
}

/** The objects that hold the server's code are one node. */
function idOf(manifest: Manifest): string {
  return isBundle(manifest)
    ? 'ConfigMap/bundle of the server'
    : `${manifest.kind}/${manifest.metadata.name}`;
}

/** One edge between two nodes, with all its labels. */
function joined(edges: readonly GraphEdge[]): GraphEdge[] {
  const all = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = `${edge.sort} ${edge.from} ${edge.to}`;
    const before = all.get(key)?.label ?? '';
    const labels = new Set([...before.split(', '), edge.label].filter((label) => label !== ''));
    all.set(key, { ...edge, label: [...labels].join(', ') });
  }
  return [...all.values()];
}
