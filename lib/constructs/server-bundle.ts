import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';

/** Digits of the digest in a ConfigMap's name. */
const NAME_DIGITS = 10;

/** Where a chunk of the bundle is found. */
export interface MountedChunk {
  readonly configMap: string;
  /** Key in the ConfigMap and file name in the pod. */
  readonly file: string;
}

/**
 * The server itself, as immutable ConfigMaps that are named after their content: an update brings
 * new ones beside the old, so that a rollout and its rollback both find what they need.
 */
export class ServerBundle extends Construct {
  readonly chunks: readonly MountedChunk[];

  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    this.chunks = bundle.chunks.map(({ file, sha256, content }, index) => {
      const configMap = `${plan.fullName}-bundle-${index}-${sha256.slice(0, NAME_DIGITS)}`;
      createResource(this, String(index), KubeConfigMap, {
        metadata: { name: configMap, labels: objectLabels(plan, bundle.version, 'bundle') },
        immutable: true,
        binaryData: { [file]: content.toString('base64') },
      });
      return { configMap, file };
    });
  }
}
