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
import { isSelecting, selectorProblems } from './selectors';
import { sizeProblems } from './size';

/** One of the checks that every synth makes. */
export interface ManifestCheck {
  readonly name: string;
  /** What holds where it finds nothing. */
  readonly proves: string;
  /** Whether an object is one of those that it looks at. */
  readonly isAbout: (manifest: Manifest) => boolean;
  /** @returns one message a problem */
  readonly problems: (manifests: readonly Manifest[], plan: Plan) => readonly string[];
}

const all = (): boolean => true;
const hasPods = (manifest: Manifest): boolean =>
  valuesAt(manifest, 'spec.template.spec').length > 0;
const isOneOf = (...kinds: readonly string[]) => {
  return ({ kind }: Manifest): boolean => kinds.includes(kind);
};

/** All checks, in the order in which their messages stand. */
export const MANIFEST_CHECKS: readonly ManifestCheck[] = [
  {
    name: 'names',
    proves: 'names are valid and unique, and every object says where it lives',
    isAbout: all,
    problems: nameProblems,
  },
  {
    name: 'references',
    proves: 'every object, key, port and volume that is named exists, here or as one of yours',
    isAbout: (manifest) =>
      hasPods(manifest) ||
      isOneOf(
        'Service',
        'Ingress',
        'HTTPRoute',
        'NetworkPolicy',
        'HorizontalPodAutoscaler',
      )(manifest),
    problems: (manifests, plan) => referenceProblems(manifests, externalObjects(plan)),
  },
  {
    name: 'selectors',
    proves: 'every selector finds exactly one workload, every monitor one Service',
    isAbout: isSelecting,
    problems: selectorProblems,
  },
  {
    name: 'network',
    proves: 'NetworkPolicies admit the connections that the configuration needs, and no others',
    isAbout: isOneOf('NetworkPolicy'),
    problems: networkProblems,
  },
  {
    name: 'files',
    proves: "every file that the server's document names is in a volume that is mounted",
    isAbout: isOneOf('Deployment'),
    problems: (manifests, plan) => (plan.isServed ? fileProblems(manifests, plan) : []),
  },
  {
    name: 'pod security',
    proves: 'pods meet the Pod Security Standard "restricted", with a read-only root file system',
    isAbout: hasPods,
    problems: podSecurityProblems,
  },
  {
    name: 'resources',
    proves: 'no container asks for more than it may have',
    isAbout: hasPods,
    problems: resourceProblems,
  },
  {
    name: 'size',
    proves: 'every object is small enough for a plain "kubectl apply"',
    isAbout: all,
    problems: sizeProblems,
  },
  {
    name: 'secrets',
    proves: 'no secret of the values stands anywhere but in a Secret',
    isAbout: (manifest) => manifest.kind !== 'Secret',
    problems: (manifests, plan) =>
      secretProblems(manifests, plan.bearerSecret === null ? [] : [plan.bearerSecret.value]),
  },
];

/**
 * Everything that an API server or a node would refuse later, or accept and not do, in the objects
 * of one deployment.
 *
 * @returns one message a problem
 */
export function checkManifests(manifests: readonly Manifest[], plan: Plan): string[] {
  return MANIFEST_CHECKS.flatMap(({ problems }) => problems(manifests, plan));
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
