import { IntOrString, KubeService } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { PORT_NAMES } from '../contract/endpoints';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/** The Service of the MCP endpoint. Metrics have one of their own, so no load balancer shows them. */
export class ServerService extends Construct {
  readonly serviceName: string;

  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    const { service } = plan.values;
    this.serviceName = plan.fullName;
    createResource(this, 'service', KubeService, {
      metadata: {
        name: this.serviceName,
        labels: objectLabels(plan, bundle.version, 'server'),
        ...nonEmpty('annotations', service.annotations),
      },
      spec: {
        type: service.type,
        selector: selectorLabels(plan),
        ports: [
          {
            name: PORT_NAMES.http,
            port: service.port,
            targetPort: IntOrString.fromString(PORT_NAMES.http),
            protocol: 'TCP',
          },
        ],
      },
    });
  }
}
