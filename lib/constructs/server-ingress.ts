import { KubeIngress } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { PORT_NAMES } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { objectLabels } from './labels';
import { nonEmpty } from './non-empty';
import { createResource } from './resource';

/** Longest silence on a stream before a proxy may cut it, in seconds. */
const STREAM_SECONDS = 3600;

export interface ServerIngressProps extends ServerContext {
  /** The Service behind it. */
  readonly serviceName: string;
}

/** The Ingress: one host, everything below `/`, and streams that are neither buffered nor cut. */
export class ServerIngress extends Construct {
  constructor(scope: Construct, id: string, { plan, bundle, serviceName }: ServerIngressProps) {
    super(scope, id);
    const { ingress } = plan.values;
    const backend = { service: { name: serviceName, port: { name: PORT_NAMES.http } } };
    createResource(this, 'ingress', KubeIngress, {
      metadata: {
        name: plan.fullName,
        labels: objectLabels(plan, bundle.version, 'server'),
        ...nonEmpty('annotations', ingressAnnotations(plan)),
      },
      spec: {
        ...(ingress.className === '' ? {} : { ingressClassName: ingress.className }),
        rules: [
          { host: ingress.host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
        ],
        ...(ingress.tls.enabled
          ? { tls: [{ hosts: [ingress.host], secretName: tlsSecretName(plan) }] }
          : {}),
      },
    });
  }
}

/** The Secret with the certificate; cert-manager or the operator makes it. */
export function tlsSecretName({ values, fullName }: Plan): string {
  const { secretName } = values.ingress.tls;
  return secretName === '' ? `${fullName}-tls` : secretName;
}

/**
 * The flavour's annotations below the operator's own, which win. Without TLS those of cert-manager
 * are left out: there is no certificate to make.
 */
export function ingressAnnotations({ values }: Plan): Record<string, string> {
  const { annotations, tls } = values.ingress;
  const own = Object.entries(annotations).filter(
    ([key]) => tls.enabled || !key.startsWith('cert-manager.io/'),
  );
  return { ...flavorAnnotations(values), ...Object.fromEntries(own) };
}

function flavorAnnotations(values: Plan['values']): Record<string, string> {
  switch (values.ingress.flavor) {
    case 'nginx':
      // https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
      return {
        'nginx.ingress.kubernetes.io/proxy-body-size': String(values.limits.bodyBytes),
        'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
        'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
        'nginx.ingress.kubernetes.io/proxy-read-timeout': String(STREAM_SECONDS),
        'nginx.ingress.kubernetes.io/proxy-send-timeout': String(STREAM_SECONDS),
      };
    case 'haproxy':
      // https://haproxy-ingress.github.io/docs/configuration/keys/#timeout
      return { 'haproxy-ingress.github.io/timeout-server': `${STREAM_SECONDS}s` };
    case 'traefik':
    case 'none':
      // Traefik streams by itself; its timeouts belong to the entry point, not to the Ingress.
      return {};
  }
}
