import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { DASHBOARD_FILE, dashboardOf } from '../monitoring/dashboard';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/**
 * The dashboard as a ConfigMap that Grafana's sidecar finds by its label. In another namespace it
 * needs somebody who may write there.
 */
export class ServerDashboard extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    const { namespace, label, folder, annotations } = plan.values.grafanaDashboard;
    createResource(this, 'map', KubeConfigMap, {
      metadata: {
        name: `${plan.fullName}-grafana-dashboard`,
        ...(namespace === '' ? {} : { namespace }),
        labels: { ...label, ...objectLabels(plan, bundle.version, 'monitoring') },
        ...nonEmpty('annotations', {
          ...(folder === '' ? {} : { grafana_folder: folder }),
          ...annotations,
        }),
      },
      data: { [DASHBOARD_FILE]: dashboardOf(plan.app) },
    });
  }
}
