import { IntOrString, KubeService } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { PORT_NAMES } from '../contract/endpoints';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { createResource } from './resource';
import { suffixed } from './suffixed';

/** A headless Service, so that Prometheus finds every pod; never reachable from outside. */
export class MetricsService extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    createResource(this, 'service', KubeService, {
      metadata: {
        name: suffixed(plan.fullName, 'metrics'),
        labels: objectLabels(plan, bundle.version, 'metrics'),
      },
      spec: {
        type: 'ClusterIP',
        clusterIp: 'None',
        selector: selectorLabels(plan),
        ports: [
          {
            name: PORT_NAMES.metrics,
            port: plan.values.server.metricsPort,
            targetPort: IntOrString.fromString(PORT_NAMES.metrics),
            protocol: 'TCP',
          },
        ],
      },
    });
  }
}
