import { z } from 'zod';

import { PORT_NAMES } from '../../../lib/contract/endpoints';
import { type ClusterFinding, findingsOf } from './finding';
import { type Kubectl, KubectlError, readAnswer } from './kubectl';
import type { LiveDeployment } from './live-deployment';
import { Named, listOf } from './objects';

/** Resources of the Prometheus Operator. */
const MONITORS = 'servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com';
const PROMETHEUS = 'prometheuses.monitoring.coreos.com';

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Whether a Prometheus of the cluster has the pods among its targets, and reaches them. */
export async function checkScraping(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, warning, unknown } = findingsOf('scraping');
  const { kubectl, deployment, namespace } = live;
  const selector = `app.kubernetes.io/instance=${deployment.metadata.labels['app.kubernetes.io/instance'] ?? ''}`;
  const fix = 'if another Prometheus scrapes, look at its targets';
  const monitors = await listed(kubectl, [MONITORS, '--selector', selector]);
  if (monitors === undefined) return [unknown('the cluster has no Prometheus Operator', fix)];
  if (monitors.length === 0) {
    return [warning('there is no ServiceMonitor or PodMonitor', 'set serviceMonitor.enabled')];
  }
  const servers = (await listed(kubectl, [PROMETHEUS, '--all-namespaces'])) ?? [];
  if (servers.length === 0) return [unknown('the Prometheus Operator runs no Prometheus', fix)];
  const query = `up{namespace="${namespace}",endpoint="${PORT_NAMES.metrics}"}`;
  const values: string[] = [];
  for (const { metadata } of servers)
    values.push(...(await valuesOf(kubectl, metadata.namespace, query)));
  if (values.length === 0) {
    const labels = 'do its serviceMonitorSelector and namespace selector take ours?';
    return [
      warning('no Prometheus has the pods among its targets', `${labels} serviceMonitor.labels`),
    ];
  }
  const down = values.filter((value) => value !== '1').length;
  if (down === 0) return [ok(`${values.length} targets are up`)];
  const text = `Prometheus does not reach ${down} of ${values.length} targets`;
  return [warning(text, 'does networkPolicy.monitoringNamespaceLabels name its namespace?')];
}

/** Objects of a kind; `undefined` where the cluster does not know it. */
async function listed(kubectl: Kubectl, args: readonly string[]) {
  try {
    return (await kubectl.get(listOf(Named), args)).items;
  } catch (error) {
    if (error instanceof KubectlError && error.reason === 'no such kind') return undefined;
    throw error;
  }
}

/** Asks the Service that the operator makes for every Prometheus, through the API server. */
async function valuesOf(kubectl: Kubectl, namespace: string, query: string): Promise<string[]> {
  const path = `/api/v1/namespaces/${namespace}/services/prometheus-operated:web/proxy/api/v1/query`;
  const { stdout } = await kubectl.run([
    ...['get', '--raw', `${path}?query=${encodeURIComponent(query)}`],
  ]);
  return readAnswer(Vector, stdout, `what Prometheus in ${namespace} says`).data.result.map(
    ({ value: [, value] }) => value,
  );
}
