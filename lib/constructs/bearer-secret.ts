import { KubeSecret } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';

/** The bearer of `auth.sharedSecret.secretValue`, for trials. Absent when an operator's is used. */
export class BearerSecret extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    if (plan.bearerSecret === null) return;
    const { name, key, value } = plan.bearerSecret;
    createResource(this, 'secret', KubeSecret, {
      metadata: { name, labels: objectLabels(plan, bundle.version, 'server') },
      type: 'Opaque',
      stringData: { [key]: value },
    });
  }
}
