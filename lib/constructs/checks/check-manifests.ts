import type { Plan } from '../../contract/plan';
import { makesServiceAccount, serviceAccountName } from '../pod-service-account';
import { fileProblems } from './files';
import type { Manifest } from './manifest';
import { textsAt, valuesAt } from './manifest';
import { nameProblems } from './names';
import { networkProblems } from './network';
import { podSecurityProblems } from './pod-security';
import { referenceProblems } from './references';
import { resourceProblems } from './resources';
import { secretProblems } from './secrets';
import { selectorProblems } from './selectors';
import { sizeProblems } from './size';

/**
 * Everything that an API server or a node would refuse later, or accept and not do, in the objects
 * of one deployment.
 *
 * @returns one message a problem
 */
export function checkManifests(manifests: readonly Manifest[], plan: Plan): string[] {
  return [
    ...nameProblems(manifests),
    ...referenceProblems(manifests, externalObjects(plan)),
    ...selectorProblems(manifests),
    ...networkProblems(manifests, plan),
    ...(plan.isServed ? fileProblems(manifests, plan) : []),
    ...podSecurityProblems(manifests),
    ...resourceProblems(manifests),
    ...sizeProblems(manifests),
    ...secretProblems(manifests, plan.bearerSecret === null ? [] : [plan.bearerSecret.value]),
  ];
}

/** What the values name and the operator provides. */
function externalObjects(plan: Plan): ReadonlySet<string> {
  const { secrets, bearerSecret, values } = plan;
  const account = serviceAccountName(plan);
  return new Set([
    ...secrets
      .filter(({ secret }) => secret !== bearerSecret?.name)
      .map(({ secret }) => `Secret/${secret}`),
    ...values.imagePullSecrets.map(({ name }) => `Secret/${name}`),
    ...namedInExtras(values),
    ...(makesServiceAccount(plan) ? [] : [`ServiceAccount/${account}`]),
  ]);
}

/** What operators name in the parts of the pod that they write themselves. */
function namedInExtras({ extraEnv, extraVolumes, extraContainers }: Plan['values']): string[] {
  const env = [...extraEnv, ...valuesAt(extraContainers, '*.env.*')];
  const sources = [...extraVolumes, ...valuesAt(extraVolumes, '*.projected.sources.*')];
  const secrets = [
    ...textsAt(env, '*.valueFrom.secretKeyRef.name'),
    ...textsAt(sources, '*.secret.secretName'),
    ...textsAt(sources, '*.secret.name'),
  ];
  const maps = [
    ...textsAt(env, '*.valueFrom.configMapKeyRef.name'),
    ...textsAt(sources, '*.configMap.name'),
  ];
  return [...secrets.map((name) => `Secret/${name}`), ...maps.map((name) => `ConfigMap/${name}`)];
}
