import type { ConfigIssue } from '../issues';
import type { Rule } from '../parse';
import { duplicates } from '../duplicates';
import type { Values } from './values';

/** Conditions on what runs the server: image, certificate, scaling, Secrets of others. */
export const operationsRules: readonly Rule<Values>[] = [
  {
    reads: [['runtime'], ['image']],
    check: ({ runtime, image }) => {
      if (runtime.kind !== 'image') return [];
      return [
        ...(image.repository === ''
          ? issue(
              ['image', 'repository'],
              'runtime.kind=image requires image.repository',
              'name the image that the Dockerfile made',
            )
          : []),
        ...(image.digest === ''
          ? issue(
              ['image', 'digest'],
              'runtime.kind=image requires image.digest',
              'pin the image: a tag can be moved, and the pods would differ',
            )
          : []),
      ];
    },
  },
  {
    reads: [['ingress'], ['gateway']],
    check: ({ ingress: { tls } }) =>
      tls.certificate.enabled && tls.certificate.issuerName === ''
        ? issue(
            ['ingress', 'tls', 'certificate', 'issuerName'],
            'ingress.tls.certificate.enabled=true requires it',
            'name the issuer, e.g. letsencrypt-prod',
          )
        : [],
  },
  {
    reads: [['ingress']],
    check: ({ ingress: { tls } }) =>
      tls.certificate.enabled && !tls.enabled
        ? issue(
            ['ingress', 'tls', 'enabled'],
            'is false, and a certificate is asked for',
            'set it to true, or ingress.tls.certificate.enabled to false',
          )
        : [],
  },
  {
    reads: [['stateStore']],
    check: ({ stateStore: { redis } }) => [
      ...(redis.existingSecret === '' && (redis.username !== '' || redis.caKey !== '')
        ? issue(
            ['stateStore', 'redis', 'existingSecret'],
            'stateStore.redis.username and caKey require it',
            'create a Secret with the password (and the CA certificate) and name it here',
          )
        : []),
      ...(redis.caKey !== '' && !redis.url.startsWith('rediss://')
        ? issue(
            ['stateStore', 'redis', 'url'],
            'is without TLS, and stateStore.redis.caKey is set',
            'write rediss://, or remove caKey',
          )
        : []),
    ],
  },
  {
    reads: [['autoscaling']],
    check: ({ autoscaling: { minReplicas, maxReplicas } }) =>
      minReplicas > maxReplicas
        ? issue(['autoscaling', 'minReplicas'], 'is more than maxReplicas', 'make it smaller')
        : [],
  },
  {
    reads: [['externalSecrets']],
    check: ({ externalSecrets }) =>
      duplicates(externalSecrets.map(({ name }) => name)).map((index) => ({
        path: ['externalSecrets', index, 'name'],
        message: 'a Secret of this name is already in the list',
        fix: 'put all its keys into one entry',
      })),
  },
  {
    reads: [['extraObjects']],
    check: ({ extraObjects }) =>
      extraObjects.flatMap((object, index) => {
        const { apiVersion, kind, metadata } = object;
        const named =
          typeof metadata === 'object' &&
          metadata !== null &&
          'name' in metadata &&
          typeof metadata.name === 'string';
        return typeof apiVersion === 'string' && typeof kind === 'string' && named
          ? []
          : issue(
              ['extraObjects', index],
              'is not an object of Kubernetes',
              'give it apiVersion, kind and metadata.name',
            );
      }),
  },
];

function issue(path: ConfigIssue['path'], message: string, fix: string): ConfigIssue[] {
  return [{ path, message, fix }];
}
