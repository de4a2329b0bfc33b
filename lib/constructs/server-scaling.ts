import { ApiObject } from 'cdk8s';
import { IntOrString, KubePodDisruptionBudget } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { fewestPods } from '../contract/values/pod-count';
import type { ServerContext } from './context';
import { objectLabels, selectorLabels } from './labels';
import { createResource } from './resource';

/** How many pods there are, and how many may be missing: autoscaler and disruption budget. */
export class ServerScaling extends Construct {
  constructor(scope: Construct, id: string, context: ServerContext) {
    super(scope, id);
    const { podDisruptionBudget, autoscaling } = context.plan.values;
    // With one pod, a budget would block the drain of its node for ever.
    if (podDisruptionBudget.enabled && fewestPods(context.plan.values) > 1) this.budget(context);
    if (autoscaling.enabled) this.autoscaler(context);
  }

  private budget({ plan, bundle }: ServerContext): void {
    createResource(this, 'budget', KubePodDisruptionBudget, {
      metadata: { name: plan.fullName, labels: objectLabels(plan, bundle.version, 'server') },
      spec: {
        maxUnavailable: IntOrString.fromNumber(plan.values.podDisruptionBudget.maxUnavailable),
        selector: { matchLabels: selectorLabels(plan) },
        // A pod that is not ready serves nobody: it need not hold a node up.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
  }

  private autoscaler({ plan, bundle }: ServerContext): void {
    const { minReplicas, maxReplicas, targetCpuPercent } = plan.values.autoscaling;
    createResource(this, 'autoscaler', ApiObject, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: plan.fullName, labels: objectLabels(plan, bundle.version, 'server') },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: plan.fullName },
        minReplicas,
        maxReplicas,
        metrics: [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: { type: 'Utilization', averageUtilization: targetCpuPercent },
            },
          },
        ],
      },
    });
  }
}
