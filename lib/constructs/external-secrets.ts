import { Construct } from 'constructs';

import { ExternalSecret } from '../../imports/external-secrets.io';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';

/** What the API server would fill in: what is applied again is then no change. */
const DEFAULTS = {
  conversionStrategy: 'Default',
  decodingStrategy: 'None',
  metadataPolicy: 'None',
} as const;

/** Secrets that the External Secrets Operator fills from a store. */
export class ExternalSecrets extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    for (const { name, store, refreshInterval, data } of plan.values.externalSecrets) {
      createResource(this, name, ExternalSecret, {
        metadata: { name, labels: objectLabels(plan, bundle.version, 'server') },
        spec: {
          refreshInterval,
          secretStoreRef: store,
          target: { name, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
          data: Object.entries(data).map(([secretKey, { key, property }]) => ({
            secretKey,
            remoteRef: { key, ...(property === '' ? {} : { property }), ...DEFAULTS },
          })),
        },
      });
    }
  }
}
