import {
  checkAutoscaler,
  checkBudget,
  checkEndpoints,
  checkNetworkPolicy,
  checkPodSecurity,
  guarded,
} from './check-cluster';
import {
  checkClock,
  checkCredentials,
  checkMetrics,
  checkRucio,
  checkStateStore,
} from './check-inside';
import { type Outside, checkIngress, checkStreaming } from './check-outside';
import { checkScraping } from './check-scraping';
import { checkSecrets, checkTls } from './check-secrets';
import { checkBundle, checkConfig, checkPods, checkQuota, checkRollout } from './check-workload';
import type { ServerDocument } from '../../../lib/contract/server-document';
import { type ClusterFinding, findingsOf } from './finding';
import { type Kubectl, KubectlError } from './kubectl';
import { type LiveDeployment, NoDeployment, findDeployment } from './live-deployment';
import { Ingress, isReady, listOf } from './objects';
import { type PodProbe, probePod } from './pod-probe';

export interface ClusterOptions {
  /** Of the Deployment; undefined: the only one. */
  readonly name: string | undefined;
  /** To see a stream with; undefined: none is seen. */
  readonly bearer: string | undefined;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Looks for what is wrong with a deployment in a cluster, in the order of the way from the API
 * server to Rucio. Changes nothing; asks for no content of a Secret but certificates.
 */
export async function* examineCluster(
  kubectl: Kubectl,
  options: ClusterOptions,
): AsyncGenerator<ClusterFinding> {
  let live: LiveDeployment;
  try {
    live = await findDeployment(kubectl, options.name);
  } catch (error) {
    yield notFound(error);
    return;
  }
  const { metadata } = live.deployment;
  yield findingsOf('deployment').ok(`${metadata.name} in namespace ${live.namespace}`);
  yield* checkRollout(live);
  yield* inOrder([
    guarded('pods', 'pods and events', () => checkPods(live)),
    guarded('quota', 'resourcequotas', () => checkQuota(live)),
    guarded('endpoints', 'services and endpointslices', () => checkEndpoints(live)),
    guarded('config', 'configmaps', () => Promise.resolve(checkConfig(live))),
    guarded('bundle', 'configmaps', () => checkBundle(live)),
    guarded('secrets', 'secrets', () => checkSecrets(live)),
    examineWays(live, options),
    guarded('scraping', 'servicemonitors', () => checkScraping(live)),
    guarded('autoscaler', 'horizontalpodautoscalers', () => checkAutoscaler(live)),
    guarded('disruption budget', 'poddisruptionbudgets', () => checkBudget(live)),
    guarded('network policy', 'networkpolicies', () => checkNetworkPolicy(live)),
    guarded('pod security', 'namespaces', () => checkPodSecurity(live)),
  ]);
}

/** What checks find that run at the same time, always in the same order. */
async function* inOrder(
  checks: readonly Promise<ClusterFinding[]>[],
): AsyncGenerator<ClusterFinding> {
  // One that fails is told when it is its turn.
  for (const check of checks) check.catch(() => undefined);
  for (const check of checks) yield* await check;
}

function notFound(error: unknown): ClusterFinding {
  if (error instanceof NoDeployment) {
    return findingsOf('deployment').problem(error.message, error.remedy);
  }
  if (!(error instanceof KubectlError)) throw error;
  const remedy =
    error.reason === 'missing'
      ? 'install it: https://kubernetes.io/docs/tasks/tools/'
      : 'is it the right cluster (--context) and namespace (-n), and are you let in?';
  return findingsOf('access').problem(error.message, remedy);
}

/** From a client to the server, and from the server to Rucio. */
async function examineWays(
  live: LiveDeployment,
  options: ClusterOptions,
): Promise<ClusterFinding[]> {
  const { document } = live;
  const ingresses = (await ingressesOf(live)).items;
  const tls = guarded('tls', 'secrets', () => checkTls(live, ingresses, options.clock()));
  if (document === undefined) return tls;
  const inside = probeAll(live, document, options);
  // Both are awaited only after the way from outside, which may fail before.
  for (const promise of [tls, inside]) promise.catch(() => undefined);
  const outside = await reachOutside(live, document, ingresses, options);
  const { probes, missed } = await inside;
  return [
    ...(await tls),
    ...outside.findings,
    ...checkClock(probes, outside.times),
    ...missed,
    ...(probes.length === 0
      ? []
      : [
          ...checkRucio(probes.flatMap(({ rucio }) => rucio)),
          ...checkMetrics(probes),
          ...checkStateStore(probes),
          ...checkCredentials(probes, options.clock()),
        ]),
  ];
}

async function reachOutside(
  live: LiveDeployment,
  document: ServerDocument,
  ingresses: readonly Ingress[],
  options: ClusterOptions,
): Promise<Omit<Outside, 'reachable'>> {
  let outside: Outside = { findings: [], times: undefined, reachable: false };
  const findings = await guarded('ingress', 'ingressclasses', async () => {
    outside = await checkIngress(live, document, ingresses, options);
    return outside.findings;
  });
  const { times, reachable } = outside;
  if (!reachable && document.publicUrl !== null) return { findings, times };
  const streaming = await checkStreaming(document, options.bearer, options.timeoutMs);
  return { findings: [...findings, ...streaming], times };
}

/** Looks into every ready pod. Only the first one asks Rucio: they all have the same network. */
async function probeAll(
  live: LiveDeployment,
  document: ServerDocument,
  options: ClusterOptions,
): Promise<{ readonly probes: readonly PodProbe[]; readonly missed: readonly ClusterFinding[] }> {
  const probes: PodProbe[] = [];
  const missed = await Promise.all(
    live.pods.filter(isReady).map(({ metadata }, index) =>
      guarded('metrics', 'pods/exec', async () => {
        probes.push(await probePod(live, document, metadata.name, index === 0, options));
        return [];
      }),
    ),
  );
  return { probes, missed: missed.flat() };
}

async function ingressesOf({ kubectl, deployment }: LiveDeployment) {
  const instance = deployment.metadata.labels['app.kubernetes.io/instance'] ?? '';
  const selector = `app.kubernetes.io/instance=${instance}`;
  try {
    return await kubectl.get(listOf(Ingress), ['ingresses', '--selector', selector]);
  } catch (error) {
    if (error instanceof KubectlError) return { items: [] };
    throw error;
  }
}
