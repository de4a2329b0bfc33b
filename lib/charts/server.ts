import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { BearerSecret } from '../constructs/bearer-secret';
import { checkManifests } from '../constructs/checks/check-manifests';
import type { Manifest } from '../constructs/checks/manifest';
import type { ServerContext } from '../constructs/context';
import { MetricsService } from '../constructs/metrics-service';
import { PodServiceAccount } from '../constructs/pod-service-account';
import { ServerBundle } from '../constructs/server-bundle';
import { ServerConfig } from '../constructs/server-config';
import { ServerDeployment } from '../constructs/server-deployment';
import { ServerIngress } from '../constructs/server-ingress';
import { ServerMonitor } from '../constructs/server-monitor';
import { ServerNetworkPolicy } from '../constructs/server-network-policy';
import { ServerService } from '../constructs/server-service';

/** Everything that one deployment consists of. However it is synthesized, it is checked first. */
export class ServerChart extends Chart {
  constructor(scope: Construct, id: string, context: ServerContext) {
    super(scope, id, {
      namespace: context.plan.release.namespace,
      disableResourceNameHashes: true,
    });
    const { plan } = context;
    if (plan.values.serviceAccount.create) new PodServiceAccount(this, 'account', context);
    const config = new ServerConfig(this, 'config', context);
    const { chunks } = new ServerBundle(this, 'bundle', context);
    new BearerSecret(this, 'bearer', context);
    new ServerDeployment(this, 'server', {
      ...context,
      configMapName: config.configMapName,
      configChecksum: config.checksum,
      chunks,
    });
    const { serviceName } = new ServerService(this, 'http', context);
    new MetricsService(this, 'metrics', context);
    if (plan.values.networkPolicy.enabled) new ServerNetworkPolicy(this, 'network', context);
    if (plan.values.ingress.enabled) {
      new ServerIngress(this, 'ingress', { ...context, serviceName });
    }
    if (plan.values.serviceMonitor.enabled) new ServerMonitor(this, 'monitor', context);
    this.node.addValidation({ validate: () => checkManifests(this.manifests(), plan) });
  }

  private manifests(): Manifest[] {
    return this.node
      .findAll()
      .filter((construct) => construct instanceof ApiObject)
      .map((object) => object.toJson() as Manifest);
  }
}
