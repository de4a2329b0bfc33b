import type { Manifest } from '../../constructs/checks/manifest';
import { textsAt, valuesAt } from '../../constructs/checks/manifest';
import { type Flow, flowsOf } from '../../constructs/network/flows';
import { PORT_NAMES } from '../../contract/endpoints';
import type { Plan } from '../../contract/plan';
import { peersText } from './policy-rules';
import { type Relation, idOf } from './relations';

/** Somebody who talks with the pods and is no object of the deployment. */
export interface DeploymentPeer {
  readonly id: string;
  /** Whether it calls the pods, or is called by them. */
  readonly side: 'caller' | 'called';
  readonly name: string;
  /** The site, where it is a Rucio with its authentication. */
  readonly site: string | null;
  /** Hosts, and where the NetworkPolicies let it be. */
  readonly facts: readonly string[];
}

/** Who talks with the pods and how, as the configuration needs and the NetworkPolicies admit it. */
export function peersOf(
  plan: Plan,
  manifests: readonly Manifest[],
): { readonly peers: readonly DeploymentPeer[]; readonly relations: readonly Relation[] } {
  const server = `Deployment/${plan.fullName}`;
  const peers = new Map<string, DeploymentPeer>();
  const relations = flowsOf(plan).flatMap((flow): Relation[] => {
    const label = `${flow.protocol} ${flow.port}`;
    const own = flow.direction === 'ingress' ? callerOf(flow, manifests) : undefined;
    const peer = toPeer(flow);
    if (own === undefined) peers.set(peer.id, withFacts(peer, peers.get(peer.id)));
    const traffic = (from: string, to: string, text: string): Relation => {
      return { from, to, sort: 'traffic', label: text };
    };
    if (flow.direction === 'egress') return [traffic(server, peer.id, label)];
    const ways = waysIn(flow, plan, manifests);
    if (own !== undefined) {
      const [service = server] = servicesOf(PORT_NAMES.http, manifests);
      return [traffic(idOf(own), service, '')];
    }
    if (ways.length === 0) return [traffic(peer.id, server, label)];
    return ways.map((way) => traffic(peer.id, idOf(way), ''));
  });
  return { peers: [...peers.values()], relations };
}

function toPeer(flow: Flow): DeploymentPeer {
  const name = flow.site === undefined ? flow.name : `Rucio of ${flow.site}`;
  const where = `${flow.direction === 'ingress' ? 'from ' : ''}${peersText(flow.peers)}`;
  return {
    id: `${flow.direction}/${name}`,
    side: flow.direction === 'ingress' ? 'caller' : 'called',
    name,
    site: flow.site ?? null,
    facts: [...(flow.host === undefined ? [] : [flow.host]), where],
  };
}

/** The hosts of all flows first, and once where they may be. */
function withFacts(peer: DeploymentPeer, before: DeploymentPeer | undefined): DeploymentPeer {
  const all = [...(before?.facts ?? []), ...peer.facts];
  const where = peer.facts.at(-1) ?? '';
  return { ...peer, facts: [...new Set(all.filter((fact) => fact !== where)), where] };
}

/** What a caller comes through: Ingress and routes, monitors, or at least the Service. */
function waysIn(flow: Flow, plan: Plan, manifests: readonly Manifest[]): readonly Manifest[] {
  const isMetrics = flow.port === plan.values.server.metricsPort;
  const kinds = isMetrics ? ['ServiceMonitor', 'PodMonitor'] : ['Ingress', 'HTTPRoute'];
  const found = manifests.filter(({ kind }) => kinds.includes(kind));
  if (found.length > 0) return found;
  const services = servicesOf(isMetrics ? PORT_NAMES.metrics : PORT_NAMES.http, manifests);
  return manifests.filter((manifest) => services.includes(idOf(manifest)));
}

function servicesOf(port: string, manifests: readonly Manifest[]): readonly string[] {
  return manifests
    .filter((it) => it.kind === 'Service' && textsAt(it, 'spec.ports.*.targetPort').includes(port))
    .map(idOf);
}

/** The workload of ours whose pods a flow comes from. */
function callerOf(flow: Flow, manifests: readonly Manifest[]): Manifest | undefined {
  const peer = flow.peers.find(({ kind }) => kind === 'pods');
  if (peer?.kind !== 'pods') return undefined;
  return manifests.find((manifest) => {
    const [labels = {}] = valuesAt(manifest, 'spec.template.metadata.labels');
    return Object.entries(peer.labels).every(
      ([key, value]) => (labels as Readonly<Record<string, string>>)[key] === value,
    );
  });
}
