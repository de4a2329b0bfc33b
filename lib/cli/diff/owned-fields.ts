import { type ValuesMap, isMap } from '../values/values-map';
import { byKey, keyOf } from './differences';

/** Who applies manifests on the server's side, by the name of its field manager. */
const APPLIERS = ['kubectl', 'argocd-controller', 'kustomize-controller'];

/** One entry of `metadata.managedFields`. */
interface ManagedFields {
  readonly manager?: unknown;
  readonly operation?: unknown;
  readonly fieldsV1?: unknown;
}

/** What of a live object was set by server-side apply; a part for each entry. */
export function appliedParts(live: ValuesMap): readonly unknown[] {
  return entriesOf(live)
    .filter(({ operation }) => operation === 'Apply')
    .filter(({ manager }) => APPLIERS.includes(String(manager)))
    .map(({ fieldsV1 }) => ownedPart(live, fieldsV1));
}

/**
 * What Helm has set, and nobody has taken over. An object's first manager owns what the API server
 * has filled in, too: that is left out.
 */
export function helmParts(live: ValuesMap): readonly unknown[] {
  return entriesOf(live)
    .filter(({ manager }) => manager === 'helm')
    .map(({ fieldsV1 }) => withoutDefaults(ownedPart(live, fieldsV1)));
}

/** What the API server fills in; `null` stands for any value. */
const DEFAULTS: Readonly<Record<string, string | number | null>> = {
  clusterIP: null,
  clusterIPs: null,
  ipFamilies: null,
  ipFamilyPolicy: null,
  internalTrafficPolicy: 'Cluster',
  sessionAffinity: 'None',
  progressDeadlineSeconds: 600,
  revisionHistoryLimit: 10,
  scheme: 'HTTP',
  successThreshold: 1,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  imagePullPolicy: 'IfNotPresent',
  maxSurge: '25%',
  maxUnavailable: '25%',
  type: 'RollingUpdate',
  protocol: 'TCP',
  defaultMode: 420,
};

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const filled = Object.hasOwn(DEFAULTS, key) ? DEFAULTS[key] : undefined;
      if (filled === null || (filled !== undefined && filled === inner)) return [];
      const rest = withoutDefaults(inner);
      // "emptyDir: {}" has a meaning; a map that only had defaults has none.
      const isLeft = !isEmptyMap(rest) || (isEmptyMap(inner) && key !== 'securityContext');
      return isLeft ? [[key, rest]] : [];
    }),
  );
}

function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}

function entriesOf({ metadata }: ValuesMap): readonly ManagedFields[] {
  const fields = isMap(metadata) ? metadata['managedFields'] : undefined;
  return Array.isArray(fields) ? fields.filter(isMap) : [];
}

/**
 * The part of a value that a set of fields names.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.35/#fieldsv1-v1-meta
 */
export function ownedPart(value: unknown, fields: unknown): unknown {
  if (!isMap(fields)) return value;
  const names = Object.keys(fields).filter((name) => name !== '.');
  if (names.length === 0) return value;
  if (isMap(value)) {
    const entries = names
      .filter((name) => name.startsWith('f:') && Object.hasOwn(value, name.slice(2)))
      .map((name) => [name.slice(2), ownedPart(value[name.slice(2)], fields[name])] as const);
    return Object.fromEntries(entries);
  }
  if (!Array.isArray(value)) return value;
  return names.flatMap((name): unknown[] => {
    const wanted = jsonOf(name.slice(2));
    const isItem = (item: unknown) =>
      isMap(wanted) && isMap(item)
        ? Object.entries(wanted).every(([key, expected]) => item[key] === expected)
        : item === wanted;
    const found = (value as readonly unknown[]).filter(isItem);
    return found.map((item) => ownedPart(item, fields[name]));
  });
}

/** What a text says; `undefined` where that is nothing. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What of a live value somebody has asked for: fields that any of the shapes has. What the API
 * server fills in, and what others have added, is left out.
 */
export function knownPart(live: unknown, ...shapes: readonly unknown[]): unknown {
  const there = shapes.filter((shape) => shape !== undefined && shape !== null);
  if (there.length === 0) return undefined;
  if (isMap(live)) {
    const maps = there.filter(isMap);
    if (maps.length === 0) return live;
    return Object.fromEntries(
      Object.entries(live)
        .filter(([key]) => maps.some((map) => Object.hasOwn(map, key)))
        .map(([key, value]) => [key, knownPart(value, ...maps.map((map) => map[key]))]),
    );
  }
  if (!Array.isArray(live)) return live;
  const lists = there.filter((shape) => Array.isArray(shape));
  return knownItems(live, lists);
}

function knownItems(
  live: readonly unknown[],
  lists: readonly (readonly unknown[])[],
): readonly unknown[] {
  const key = keyOf(live, ...lists);
  if (key !== undefined && live.length > 0) {
    const known = lists.map((list) => byKey(list, key));
    return [...byKey(live, key)]
      .filter(([name]) => known.some((items) => items.has(name)))
      .map(([name, item]) => knownPart(item, ...known.map((items) => items.get(name))));
  }
  return live.map((item, index) =>
    lists.some((list) => list.length === live.length)
      ? knownPart(item, ...lists.map((list) => list[index]))
      : item,
  );
}
