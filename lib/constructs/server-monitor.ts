import { Construct } from 'constructs';

import { PodMonitor, ServiceMonitor } from '../../imports/monitoring.coreos.com';
import { PATHS, PORT_NAMES } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/** Label that Prometheus takes for `job`; queries rely on it. */
const JOB_LABEL = 'app.kubernetes.io/name';

/** The monitor of the Prometheus Operator: scrapes the metrics and nothing else. */
export class ServerMonitor extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    const { kind, labels } = plan.values.serviceMonitor;
    const metadata = {
      name: plan.fullName,
      labels: { ...labels, ...objectLabels(plan, bundle.version, 'metrics') },
    };
    const common = {
      jobLabel: JOB_LABEL,
      namespaceSelector: { matchNames: [plan.release.namespace] },
    };
    if (kind === 'PodMonitor') {
      createResource(this, 'monitor', PodMonitor, {
        metadata,
        spec: {
          ...common,
          selector: { matchLabels: selectorLabels(plan) },
          podMetricsEndpoints: [endpoint(plan)],
        },
      });
      return;
    }
    createResource(this, 'monitor', ServiceMonitor, {
      metadata,
      spec: {
        ...common,
        selector: {
          matchLabels: { ...selectorLabels(plan), 'app.kubernetes.io/component': 'metrics' },
        },
        endpoints: [endpoint(plan)],
      },
    });
  }
}

function endpoint({ values: { serviceMonitor: monitor } }: Plan): {
  readonly port: string;
  readonly path: string;
  readonly interval: string;
} {
  return {
    port: PORT_NAMES.metrics,
    path: PATHS.metrics,
    interval: monitor.interval,
    ...(monitor.scrapeTimeout === '' ? {} : { scrapeTimeout: monitor.scrapeTimeout }),
    ...nonEmpty('relabelings', monitor.relabelings),
    ...nonEmpty('metricRelabelings', monitor.metricRelabelings),
  };
}
