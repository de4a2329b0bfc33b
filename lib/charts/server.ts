import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { BearerSecret } from '../constructs/bearer-secret';
import { checkManifests } from '../constructs/checks/check-manifests';
import type { Manifest } from '../constructs/checks/manifest';
import type { ServerContext } from '../constructs/context';
import { MetricsService } from '../constructs/metrics-service';
import { bundleRuntime, imageRuntime } from '../constructs/node-runtime';
import { PixiConfig } from '../constructs/pixi-config';
import { pixiConfigVolume, pixiRuntime } from '../constructs/pixi-runtime';
import { PodServiceAccount, makesServiceAccount } from '../constructs/pod-service-account';
import { ServerBundle } from '../constructs/server-bundle';
import { ServerConfig } from '../constructs/server-config';
import { ServerDeployment, type ServerDeploymentProps } from '../constructs/server-deployment';
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
    if (makesServiceAccount(plan)) new PodServiceAccount(this, 'account', context);
    new BearerSecret(this, 'bearer', context);
    new ServerDeployment(this, 'server', { ...context, ...this.runtime(context) });
    const { serviceName } = new ServerService(this, 'http', context);
    new MetricsService(this, 'metrics', context);
    if (plan.values.networkPolicy.enabled) new ServerNetworkPolicy(this, 'network', context);
    if (plan.values.ingress.enabled) {
      new ServerIngress(this, 'ingress', { ...context, serviceName });
    }
    if (plan.values.serviceMonitor.enabled) new ServerMonitor(this, 'monitor', context);
    this.node.addValidation({ validate: () => checkManifests(this.manifests(), plan) });
  }

  /** What the runtime kind brings: its objects beside the pod, and its parts of it. */
  private runtime(context: ServerContext): Pick<ServerDeploymentProps, 'runtime' | 'otherVolumes'> {
    const { plan } = context;
    const { kind } = plan.values.runtime;
    if (kind === 'pixi') {
      const { configMapName } = new PixiConfig(this, 'pixi', context);
      const otherVolumes = [pixiConfigVolume(plan, configMapName)];
      return { runtime: pixiRuntime(plan, configMapName), otherVolumes };
    }
    const config = new ServerConfig(this, 'config', context);
    if (kind === 'image') return { runtime: imageRuntime(context, config), otherVolumes: [] };
    const { chunks } = new ServerBundle(this, 'bundle', context);
    return { runtime: bundleRuntime(context, config, chunks), otherVolumes: [] };
  }

  private manifests(): Manifest[] {
    return this.node
      .findAll()
      .filter((construct) => construct instanceof ApiObject)
      .map((object) => object.toJson() as Manifest);
  }
}
