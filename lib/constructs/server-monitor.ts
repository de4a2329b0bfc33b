import { Construct } from 'constructs';

import { ServiceMonitor } from '../../imports/monitoring.coreos.com';
import { PATHS, PORT_NAMES } from '../contract/endpoints';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { createResource } from './resource';

/** Label of the metrics Service that Prometheus takes for `job`; queries rely on it. */
const JOB_LABEL = 'app.kubernetes.io/name';

/** The ServiceMonitor of the Prometheus Operator: scrapes the metrics Service and nothing else. */
export class ServerMonitor extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    createResource(this, 'monitor', ServiceMonitor, {
      metadata: { name: plan.fullName, labels: objectLabels(plan, bundle.version, 'metrics') },
      spec: {
        jobLabel: JOB_LABEL,
        selector: {
          matchLabels: { ...selectorLabels(plan), 'app.kubernetes.io/component': 'metrics' },
        },
        namespaceSelector: { matchNames: [plan.release.namespace] },
        endpoints: [
          {
            port: PORT_NAMES.metrics,
            path: PATHS.metrics,
            interval: plan.values.serviceMonitor.interval,
          },
        ],
      },
    });
  }
}
