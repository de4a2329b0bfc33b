import { ApiObject, type ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';

import type { ServerContext } from './context';
import { createResource } from './resource';

/** Objects of the operator's own, written as they are. */
export class ExtraObjects extends Construct {
  constructor(scope: Construct, id: string, { plan }: ServerContext) {
    super(scope, id);
    plan.values.extraObjects.forEach((object, index) => {
      createResource(this, String(index), ApiObject, object as unknown as ApiObjectProps);
    });
  }
}
