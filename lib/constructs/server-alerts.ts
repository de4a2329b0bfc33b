import { Construct } from 'constructs';

import { PrometheusRule } from '../../imports/monitoring.coreos.com';
import { rulesOf } from '../monitoring/rules';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';

/** Objectives and alerts, as a PrometheusRule of the Prometheus Operator. */
export class ServerAlerts extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    createResource(this, 'rule', PrometheusRule, {
      metadata: {
        name: plan.fullName,
        labels: {
          ...plan.values.prometheusRule.labels,
          ...objectLabels(plan, bundle.version, 'monitoring'),
        },
      },
      spec: {
        groups: [
          {
            name: plan.fullName,
            rules: [
              ...rulesOf(
                { job: plan.app, namespace: plan.release.namespace },
                plan.values.prometheusRule.runbookBaseUrl,
              ),
            ],
          },
        ],
      },
    });
  }
}
