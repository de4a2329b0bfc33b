import { matchesLabels } from '../../../lib/contract/label-selector';
import { type ClusterFinding, findingsOf } from './finding';
import { KubectlError } from './kubectl';
import { type LiveDeployment, selectsPods } from './live-deployment';
import {
  Autoscaler,
  Budget,
  EndpointSlice,
  NetworkPolicy,
  type Pod,
  Service,
  listOf,
} from './objects';

/** Whether the Services lead to ready pods. */
export async function checkEndpoints(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, problem } = findingsOf('endpoints');
  const { deployment, kubectl } = live;
  const { labels } = deployment.spec.template.metadata;
  const services = (await kubectl.get(listOf(Service), ['services'])).items.filter(
    ({ spec }) =>
      Object.keys(spec.selector).length > 0 &&
      matchesLabels({ matchLabels: spec.selector }, labels),
  );
  if (services.length === 0) {
    return [problem('no Service selects the pods', 'apply the manifests again')];
  }
  const slices = (await kubectl.get(listOf(EndpointSlice), ['endpointslices'])).items;
  return services.map(({ metadata: { name } }) => {
    const ready = slices
      .filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === name)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions.ready !== false).length;
    return ready === 0
      ? problem(`the Service "${name}" has no ready pod behind it`, 'see pods and rollout')
      : ok(`the Service "${name}" has ${ready} ready pods behind it`);
  });
}

export async function checkAutoscaler(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, warning, problem } = findingsOf('autoscaler');
  const { name } = live.deployment.metadata;
  const { items } = await live.kubectl.get(listOf(Autoscaler), ['horizontalpodautoscalers']);
  const ours = items.find(({ spec }) => spec.scaleTargetRef.name === name);
  if (ours === undefined) return [ok('there is none')];
  const { spec, status } = ours;
  const of = (type: string) => status.conditions.find((condition) => condition.type === type);
  const active = of('ScalingActive');
  if (active?.status === 'False') {
    const fix = 'is metrics-server there? kubectl top pods; do the containers request CPU?';
    return [problem(`it does not know the load: ${active.message}`, fix)];
  }
  if (status.currentReplicas >= spec.maxReplicas && of('ScalingLimited')?.status === 'True') {
    const text = `it is at its most pods, ${spec.maxReplicas}, and would have more`;
    return [warning(text, 'raise autoscaling.maxReplicas')];
  }
  return [ok(`${status.currentReplicas} pods, at most ${spec.maxReplicas}`)];
}

export async function checkBudget(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, warning } = findingsOf('disruption budget');
  const { items } = await live.kubectl.get(listOf(Budget), ['poddisruptionbudgets']);
  const ours = items.filter(({ spec }) => selectsPods(live, spec.selector));
  if (ours.length === 0) {
    return live.deployment.spec.replicas > 1
      ? [
          warning(
            'there is none: a drain may take all pods at once',
            'set podDisruptionBudget.enabled',
          ),
        ]
      : [ok('none is needed for one pod, but a drain of its node interrupts the service')];
  }
  if (ours.length > 1) {
    const names = ours.map(({ metadata }) => metadata.name).join(', ');
    return [
      warning(`several select the pods (${names}): no pod can be evicted`, 'delete all but one'),
    ];
  }
  return ours.map(({ status }) => {
    const about = `${status.currentHealthy} pods are healthy, ${status.desiredHealthy} have to be`;
    return status.disruptionsAllowed > 0
      ? ok(`${status.disruptionsAllowed} pod may be missing: ${about}`)
      : warning(`no node can be drained now: ${about}`, 'bring all pods up, or raise replicaCount');
  });
}

export async function checkNetworkPolicy(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, warning } = findingsOf('network policy');
  const { items } = await live.kubectl.get(listOf(NetworkPolicy), ['networkpolicies']);
  const ours = items.filter(({ spec }) => selectsPods(live, spec.podSelector));
  const types = new Set(ours.flatMap(({ spec }) => spec.policyTypes));
  const open = ['Ingress', 'Egress'].filter((type) => !types.has(type));
  if (open.length > 0) {
    const text = `nothing limits who reaches the pods or whom they reach (${open.join(', ')})`;
    return [warning(text, 'set networkPolicy.enabled to true')];
  }
  const names = ours.map(({ metadata }) => metadata.name).join(', ');
  return [ok(`${names}; whether the network enforces it can not be seen from here`)];
}

/** What the API server would say of the running pods, were `restricted` enforced. Changes nothing. */
export async function checkPodSecurity(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, warning } = findingsOf('pod security');
  const { kubectl, namespace, pods } = live;
  const { stderr } = await kubectl.run([
    ...['label', '--dry-run=server', '--overwrite', 'namespace', namespace],
    'pod-security.kubernetes.io/enforce=restricted',
  ]);
  const ours = violations(stderr, pods);
  if (ours.length === 0) return [ok('the pods are "restricted"')];
  const fix =
    'leave out what you added to the pod: podSecurityContext, extraVolumes, extraContainers';
  return ours.map((text) => warning(text, fix));
}

/** Pods are named singly, or one for several of the same kind. */
function violations(stderr: string, pods: readonly Pod[]): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('Warning: '))
    .map((line) => line.slice('Warning: '.length))
    .filter((text) => pods.some(({ metadata }) => text.startsWith(metadata.name)));
}

/**
 * Runs a check; what it may not see becomes a finding of its own.
 *
 * @param what - of which the check reads, for the remedy
 */
export async function guarded(
  check: ClusterFinding['check'],
  what: string,
  run: () => Promise<ClusterFinding[]>,
): Promise<ClusterFinding[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    const remedy =
      error.reason === 'forbidden'
        ? `ask for the right to read ${what}, or have somebody run this who has it`
        : 'try the command that failed by hand';
    return [findingsOf(check).unknown(error.message, remedy)];
  }
}
