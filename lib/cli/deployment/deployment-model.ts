import type { Manifest } from '../../constructs/checks/manifest';
import type { Plan } from '../../contract/plan';
import { factsOf } from './facts';
import { type DeploymentPeer, peersOf } from './peers';
import { type Relation, idOf, isBundle, joined, relationsOf } from './relations';

/** An object that a deployment makes, or needs to find. */
export interface DeploymentObject {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Set where it is not that of the deployment. */
  readonly namespace: string | null;
  /** Whether the operator provides it, or something that fills it, and the manifests do not. */
  readonly isProvided: boolean;
  readonly facts: readonly string[];
}

/** A deployment as `explain` tells and `graph` draws it. */
export interface DeploymentModel {
  readonly title: string;
  readonly namespace: string;
  /** Whether NetworkPolicies admit the connections of `relations` only. */
  readonly isIsolated: boolean;
  readonly objects: readonly DeploymentObject[];
  readonly peers: readonly DeploymentPeer[];
  readonly relations: readonly Relation[];
}

/**
 * The objects of a deployment, what they name, and who talks to whom. Connections are the flows that
 * synth has proved to be all that the NetworkPolicies admit. Names of Secrets are in it, values never.
 */
export function deploymentModel(plan: Plan, manifests: readonly Manifest[]): DeploymentModel {
  const { peers, relations: flows } = peersOf(plan, manifests);
  const relations = joined([...relationsOf(manifests), ...flows]);
  return {
    title: plan.release.name,
    namespace: plan.release.namespace,
    isIsolated: plan.values.networkPolicy.enabled,
    objects: [...madeObjects(plan, manifests), ...providedObjects(manifests, relations)],
    peers,
    relations,
  };
}

/** Whether other connections are possible, in words. */
export function isolationText({ isIsolated }: Pick<DeploymentModel, 'isIsolated'>): string {
  return isIsolated
    ? 'NetworkPolicies give the pods of the server the drawn connections and no others.'
    : 'No NetworkPolicy: other connections are possible too.';
}

function madeObjects(plan: Plan, manifests: readonly Manifest[]): DeploymentObject[] {
  const made = manifests.map((manifest): DeploymentObject => {
    const { kind, metadata } = manifest;
    const id = idOf(manifest);
    const { namespace = plan.release.namespace } = metadata;
    return {
      id,
      kind,
      name: isBundle(manifest) ? "the server's code" : metadata.name,
      namespace: namespace === plan.release.namespace ? null : namespace,
      isProvided: false,
      facts: isBundle(manifest) ? ['immutable chunks'] : factsOf(manifest),
    };
  });
  return [...new Map(made.map((object) => [object.id, object])).values()];
}

/** What is named and not made here. */
function providedObjects(
  manifests: readonly Manifest[],
  relations: readonly Relation[],
): DeploymentObject[] {
  const made = new Set(manifests.map(idOf));
  const named = relations
    .filter(({ sort }) => sort === 'reads' || sort === 'fills')
    .map(({ to }) => to)
    .filter((id) => !made.has(id));
  return [...new Set(named)].map((id): DeploymentObject => {
    const cut = id.indexOf('/');
    const keys = relations
      .filter(({ to, sort }) => to === id && sort === 'reads')
      .flatMap(({ label }) => label.split(', '))
      .filter(Boolean);
    return {
      id,
      kind: id.slice(0, cut),
      name: id.slice(cut + 1),
      namespace: null,
      isProvided: true,
      facts: keys.length === 0 ? [] : [[...new Set(keys)].join(', ')],
    };
  });
}
