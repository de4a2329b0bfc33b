import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { BearerSecret } from '../constructs/bearer-secret';
import { checkManifests } from '../constructs/checks/check-manifests';
import type { Manifest } from '../constructs/checks/manifest';
import type { ServerContext } from '../constructs/context';
import { ExternalSecrets } from '../constructs/external-secrets';
import { ExtraObjects } from '../constructs/extra-objects';
import { MetricsService } from '../constructs/metrics-service';
import { bundleRuntime, imageRuntime } from '../constructs/node-runtime';
import { PixiConfig } from '../constructs/pixi-config';
import { pixiConfigVolume, pixiRuntime } from '../constructs/pixi-runtime';
import { PodServiceAccount, makesServiceAccount } from '../constructs/pod-service-account';
import { ServerAlerts } from '../constructs/server-alerts';
import { ServerBundle } from '../constructs/server-bundle';
import { ServerCertificate } from '../constructs/server-certificate';
import { ServerConfig } from '../constructs/server-config';
import { ServerDashboard } from '../constructs/server-dashboard';
import { ServerDeployment, type ServerDeploymentProps } from '../constructs/server-deployment';
import { ServerIngress } from '../constructs/server-ingress';
import { ServerMonitor } from '../constructs/server-monitor';
import { ServerNetworkPolicy } from '../constructs/server-network-policy';
import { ServerRoute } from '../constructs/server-route';
import { ServerScaling } from '../constructs/server-scaling';
import { ServerService } from '../constructs/server-service';
import { SmokeTest } from '../constructs/smoke-test';

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
    if (plan.values.gateway.enabled) new ServerRoute(this, 'route', { ...context, serviceName });
    if (plan.values.ingress.tls.certificate.enabled && plan.values.ingress.enabled) {
      new ServerCertificate(this, 'certificate', context);
    }
    new ServerScaling(this, 'scaling', context);
    this.monitoring(context);
    new ExternalSecrets(this, 'external-secrets', context);
    new ExtraObjects(this, 'extra', context);
    if (plan.values.smokeTest.enabled) new SmokeTest(this, 'smoke', { ...context, serviceName });
    this.node.addValidation({ validate: () => checkManifests(this.manifests(), plan) });
  }

  private monitoring(context: ServerContext): void {
    const { serviceMonitor, prometheusRule, grafanaDashboard } = context.plan.values;
    if (serviceMonitor.enabled) new ServerMonitor(this, 'monitor', context);
    if (prometheusRule.enabled) new ServerAlerts(this, 'alerts', context);
    if (grafanaDashboard.enabled) new ServerDashboard(this, 'dashboard', context);
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
