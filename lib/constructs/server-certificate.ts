import { Construct } from 'constructs';

import { Certificate } from '../../imports/cert-manager.io';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { createResource } from './resource';
import { tlsSecretName } from './server-ingress';

/** The certificate of the public host, made by cert-manager into the Secret of the Ingress. */
export class ServerCertificate extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle }: ServerContext) {
    super(scope, id);
    const { host, tls } = plan.values.ingress;
    createResource(this, 'certificate', Certificate, {
      metadata: { name: plan.fullName, labels: objectLabels(plan, bundle.version, 'server') },
      spec: {
        secretName: tlsSecretName(plan),
        dnsNames: [host],
        issuerRef: {
          group: 'cert-manager.io',
          kind: tls.certificate.issuerKind,
          name: tls.certificate.issuerName,
        },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      },
    });
  }
}
