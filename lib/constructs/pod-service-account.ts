import { KubeServiceAccount } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/** The name of the account that the pod runs as. */
export function serviceAccountName({ values, fullName }: Plan): string {
  if (values.serviceAccount.name !== '') return values.serviceAccount.name;
  return values.serviceAccount.create ? fullName : 'default';
}

/** An account of the pod's own, without a token: the server never calls the Kubernetes API. */
export class PodServiceAccount extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    createResource(this, 'account', KubeServiceAccount, {
      metadata: {
        name: serviceAccountName(plan),
        labels: objectLabels(plan, bundle.version, 'server'),
        ...nonEmpty('annotations', plan.values.serviceAccount.annotations),
      },
      automountServiceAccountToken: false,
    });
  }
}
