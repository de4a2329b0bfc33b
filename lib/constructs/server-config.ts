import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { sha256 } from '../bundle/pack';
import { SERVER_DOCUMENT_FILE } from '../contract/endpoints';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';

/** The ConfigMap with the server's document: complete, so that defaults show in every diff. */
export class ServerConfig extends Construct {
  readonly configMapName: string;
  /** Digest of the document; on the pod it rolls the Deployment when the document changes. */
  readonly checksum: string;

  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    const text = `${JSON.stringify(plan.server, null, 2)}\n`;
    this.configMapName = `${plan.fullName}-config`;
    this.checksum = sha256(text);
    createResource(this, 'map', KubeConfigMap, {
      metadata: {
        name: this.configMapName,
        labels: objectLabels(plan, bundle.version, 'server'),
      },
      data: { [SERVER_DOCUMENT_FILE]: text },
    });
  }
}
