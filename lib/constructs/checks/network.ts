import type { Plan } from '../../contract/plan';
import { selectorLabels } from '../labels';
import { flowsOf, namedPorts } from '../network/flows';
import { matchesLabels } from '../../contract/label-selector';
import type { PolicySpec } from '../network/policy';
import { flowProblems } from '../network/proof';
import { type Manifest, valuesAt } from './manifest';

/**
 * What the NetworkPolicies admit is exactly what the configuration needs. Without a policy, which
 * is the operator's choice, nothing is claimed.
 */
export function networkProblems(manifests: readonly Manifest[], plan: Plan): string[] {
  if (!plan.values.networkPolicy.enabled) return [];
  const labels = podLabels(manifests, plan);
  const policies = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((manifest) => manifest['spec'] as PolicySpec)
    .filter(({ podSelector }) => matchesLabels(podSelector, labels));
  return flowProblems({
    flows: flowsOf(plan),
    policies,
    named: namedPorts(plan),
    namespace: { 'kubernetes.io/metadata.name': plan.release.namespace },
  });
}

function podLabels(manifests: readonly Manifest[], plan: Plan): Readonly<Record<string, string>> {
  const server = manifests.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === plan.fullName,
  );
  const [labels] = valuesAt(server, 'spec.template.metadata.labels');
  return { ...(labels as Record<string, string> | undefined), ...selectorLabels(plan) };
}
