import { KubeServiceAccount } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/** Whether the account is ours; a name alone means an account that exists. */
export function makesServiceAccount({ values: { serviceAccount } }: Plan): boolean {
  return serviceAccount.create ?? serviceAccount.name === '';
}

/** The name of the account that the pod runs as. */
export function serviceAccountName(plan: Plan): string {
  if (plan.values.serviceAccount.name !== '') return plan.values.serviceAccount.name;
  return makesServiceAccount(plan) ? plan.fullName : 'default';
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
