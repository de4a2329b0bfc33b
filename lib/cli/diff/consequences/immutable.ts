import { parseQuantity } from '../../../constructs/checks/quantity';
import type { Change } from '../differences';
import { type ObjectChange, identityOf } from '../state-diff';
import { pathText } from '../words';
import type { Consequence, Rule, Transition } from './consequence';

interface ImmutableField {
  readonly kind: string;
  /** What the path of a change begins with. */
  readonly path: RegExp;
  /** What to do, before the apply. */
  readonly remedy: (name: string) => string;
  /** Whether nobody is served until it is done. */
  readonly isDown?: boolean;
}

const REMOVE = 'delete it and apply again';

/**
 * What the API server refuses to change.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
const FIELDS: readonly ImmutableField[] = [
  {
    kind: 'Deployment',
    path: /^spec\.selector/,
    remedy: (name) =>
      `keep the selector (release name and nameOverride), or: kubectl delete deployment ${name}, then apply`,
    isDown: true,
  },
  ...['StatefulSet', 'DaemonSet'].map((kind) => ({
    kind,
    path: /^spec\.(selector|serviceName|volumeClaimTemplates|podManagementPolicy)/,
    remedy: (name: string) => `kubectl delete ${kind.toLowerCase()} ${name}, then apply`,
    isDown: true,
  })),
  {
    kind: 'Job',
    path: /^spec\.(template|selector|completionMode)/,
    remedy: (name) => `kubectl delete job ${name}, then apply`,
  },
  {
    kind: 'Service',
    path: /^spec\.(clusterIP|clusterIPs|ipFamilies)/,
    remedy: (name) => `kubectl delete service ${name}, then apply; its address changes`,
    isDown: true,
  },
  {
    kind: 'Secret',
    path: /^type$/,
    remedy: (name) => `kubectl delete secret ${name}, then apply`,
  },
  ...['RoleBinding', 'ClusterRoleBinding'].map((kind) => ({
    kind,
    path: /^roleRef/,
    remedy: (name: string) => `kubectl delete ${kind.toLowerCase()} ${name}, then apply`,
  })),
];

/** Changes that the API server refuses. */
export const immutableRules: Rule = (transition) =>
  transition.diff.objects
    .filter(({ action }) => action === 'changed')
    .flatMap((object) => [
      ...fieldRules(object),
      ...contentRules(object, transition),
      ...claimRules(object),
    ]);

function refused(object: ObjectChange, field: string, remedy: string, isDown = false): Consequence {
  return {
    id: 'immutable-field',
    topic: 'immutable',
    severity: 'error',
    message: `${object.kind} ${object.name}: ${field} can not be changed; the API server refuses the apply`,
    remedy,
    ...(isDown ? { effect: 'downtime' } : {}),
  };
}

function fieldRules(object: ObjectChange): Consequence[] {
  return FIELDS.filter(({ kind }) => kind === object.kind).flatMap(({ path, remedy, isDown }) => {
    const hit = object.changes.find((change) => path.test(pathText(change.path)));
    if (hit === undefined) return [];
    const field = path.exec(pathText(hit.path))?.[0] ?? '';
    return [refused(object, field, remedy(object.name), isDown)];
  });
}

/** ConfigMaps and Secrets that are immutable, under the same name. */
function contentRules(object: ObjectChange, { before }: Transition): Consequence[] {
  const old = before.objects.find(
    (it) =>
      it.kind === object.kind &&
      it.metadata.name === object.name &&
      identityOf(it).includes(`/${object.namespace}/`),
  );
  if (old?.['immutable'] !== true) return [];
  const hit = object.changes.find(({ path }) =>
    ['data', 'binaryData', 'stringData', 'immutable'].includes(
      typeof path[0] === 'string' ? path[0] : '',
    ),
  );
  if (hit === undefined) return [];
  return [
    refused(object, pathText(hit.path), 'give it another name, or delete it and apply again'),
  ];
}

/** A claim may only grow. */
function claimRules(object: ObjectChange): Consequence[] {
  if (object.kind !== 'PersistentVolumeClaim') return [];
  const hit = object.changes.find(({ path }) => path[0] === 'spec' && !isGrowth({ path }));
  const shrunk = object.changes.find(
    ({ path, before, after }) => isGrowth({ path }) && bytes(after) < bytes(before),
  );
  const refusal = hit ?? shrunk;
  if (refusal === undefined) return [];
  return [
    refused(object, pathText(refusal.path), `copy what it holds first, then ${REMOVE}`, true),
  ];
}

function isGrowth({ path }: Pick<Change, 'path'>): boolean {
  return pathText(path) === 'spec.resources.requests.storage';
}

function bytes(value: unknown): number {
  return typeof value === 'string' ? (parseQuantity(value) ?? 0) : 0;
}
