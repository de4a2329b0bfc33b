import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { pixiFiles } from './pixi-runtime';
import { createResource } from './resource';

/** The ConfigMap with `pixi.toml`, and `pixi.lock` where the values have one. */
export class PixiConfig extends Construct {
  readonly configMapName: string;

  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    this.configMapName = `${plan.fullName}-pixi`;
    createResource(this, 'map', KubeConfigMap, {
      metadata: { name: this.configMapName, labels: objectLabels(plan, bundle.version, 'server') },
      data: pixiFiles(plan),
    });
  }
}
