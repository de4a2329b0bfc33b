import { Construct } from 'constructs';

import { PrometheusRule } from '../../imports/monitoring.coreos.com';
import { alertsOf } from '../monitoring/alerts';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';

/** The alerts, as a PrometheusRule of the Prometheus Operator. */
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
        groups: [{ name: plan.fullName, rules: [...alertsOf(plan.app, plan.release.namespace)] }],
      },
    });
  }
}
