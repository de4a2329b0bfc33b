import { Construct } from 'constructs';

import { HttpRoute } from '../../imports/gateway.networking.k8s.io';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/** No limit. A stream lives as long as its client. GEP-1742: "0s" switches a timeout off. */
const NO_LIMIT = '0s';

export interface ServerRouteProps extends ServerContext {
  /** The Service behind it. */
  readonly serviceName: string;
}

/**
 * The HTTPRoute of the Gateway API. What the API server would fill in (group, kind, weight) is
 * written out: tools that compare the cluster with the manifests see no difference.
 */
export class ServerRoute extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle, serviceName }: ServerRouteProps) {
    super(scope, id);
    const { gateway, service } = plan.values;
    createResource(this, 'route', HttpRoute, {
      metadata: {
        name: plan.fullName,
        labels: objectLabels(plan, bundle.version, 'server'),
        ...nonEmpty('annotations', gateway.annotations),
      },
      spec: {
        parentRefs: gateway.parentRefs.map(({ name, namespace, sectionName, port }) => ({
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          name,
          ...(namespace === '' ? {} : { namespace }),
          ...(sectionName === '' ? {} : { sectionName }),
          ...(port === undefined ? {} : { port }),
        })),
        hostnames: [gateway.host],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            timeouts: { request: NO_LIMIT, backendRequest: NO_LIMIT },
            backendRefs: [
              { group: '', kind: 'Service', name: serviceName, port: service.port, weight: 1 },
            ],
          },
        ],
      },
    });
  }
}
