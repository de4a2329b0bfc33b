import { type Manifest, textsAt, title, valuesAt } from './manifest';

const POD = 'spec.template.spec';

/** A path inside of every container of a pod template. */
function inContainers(path: string): string[] {
  return [`${POD}.containers.*.${path}`, `${POD}.initContainers.*.${path}`];
}

/** Where a pod template names an object of each kind. */
const POD_REFERENCES: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: [
    `${POD}.volumes.*.configMap.name`,
    `${POD}.volumes.*.projected.sources.*.configMap.name`,
    ...inContainers('env.*.valueFrom.configMapKeyRef.name'),
  ],
  Secret: [
    `${POD}.volumes.*.secret.secretName`,
    `${POD}.volumes.*.projected.sources.*.secret.name`,
    `${POD}.imagePullSecrets.*.name`,
    ...inContainers('env.*.valueFrom.secretKeyRef.name'),
  ],
  ServiceAccount: [`${POD}.serviceAccountName`],
};

/** An object that another one names. */
export interface Reference {
  readonly kind: string;
  readonly name: string;
  /** The keys that are read; `[]` where that is all, or nothing has keys. */
  readonly keys: readonly string[];
}

/** The ConfigMaps, Secrets and the ServiceAccount that a pod template names; each as often as named. */
export function podReferences(manifest: Manifest): readonly Reference[] {
  return Object.entries(POD_REFERENCES).flatMap(([kind, paths]) =>
    paths.flatMap((path) => {
      const cut = path.lastIndexOf('.');
      const [parent, field] = [path.slice(0, cut), path.slice(cut + 1)];
      return valuesAt(manifest, parent).flatMap((source) =>
        textsAt(source, field).map((name) => ({ kind, name, keys: keysOf(source) })),
      );
    }),
  );
}

/** Of a volume, or of a variable. */
function keysOf(source: unknown): readonly string[] {
  return [...textsAt(source, 'items.*.key'), ...textsAt(source, 'key')];
}

/** Objects that the operator provides, as `Kind/name`. */
export type ExternalObjects = ReadonlySet<string>;

/**
 * Every ConfigMap, Secret and ServiceAccount that a pod names, every port name and every volume
 * exists: here, or as one of the operator's own.
 */
export function referenceProblems(
  manifests: readonly Manifest[],
  external: ExternalObjects,
): string[] {
  const known = new Set(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  const exists = (kind: string, name: string) =>
    known.has(`${kind}/${name}`) || external.has(`${kind}/${name}`);
  return manifests.flatMap((manifest) => [
    ...podReferences(manifest)
      .filter(({ kind, name }) => !exists(kind, name))
      .map(
        ({ kind, name }) => `${title(manifest)} needs the ${kind} "${name}", which does not exist`,
      ),
    ...keyProblems(manifest, manifests),
    ...mountProblems(manifest),
    ...portProblems(manifest, manifests),
    ...ingressProblems(manifest, manifests),
    ...routeProblems(manifest, manifests),
    ...scaleProblems(manifest, manifests),
  ]);
}

/** Keys that a volume takes out of a ConfigMap of ours. */
function keyProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  const sources = [
    ...valuesAt(manifest, `${POD}.volumes.*.configMap`),
    ...valuesAt(manifest, `${POD}.volumes.*.projected.sources.*.configMap`),
  ];
  return sources.flatMap((source) => {
    const [name] = textsAt(source, 'name');
    const map = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name,
    );
    if (map === undefined) return [];
    const keys = ['data', 'binaryData'].flatMap((field) => Object.keys(map[field] ?? {}));
    return textsAt(source, 'items.*.key')
      .filter((key) => !keys.includes(key))
      .map((key) => `${title(manifest)} needs the key "${key}" of ${title(map)}`);
  });
}

function mountProblems(manifest: Manifest): string[] {
  const volumes = textsAt(manifest, `${POD}.volumes.*.name`);
  return inContainers('volumeMounts.*.name')
    .flatMap((path) => textsAt(manifest, path))
    .filter((name) => !volumes.includes(name))
    .map((name) => `${title(manifest)} mounts the volume "${name}", which does not exist`);
}

/** Port names that probes, Services and NetworkPolicies use. */
function portProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  const ports = manifests.flatMap((other) => textsAt(other, `${POD}.containers.*.ports.*.name`));
  const used = [
    ...['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((probe) =>
      textsAt(manifest, `${POD}.containers.*.${probe}.httpGet.port`),
    ),
    ...(manifest.kind === 'Service' ? textsAt(manifest, 'spec.ports.*.targetPort') : []),
    ...(manifest.kind === 'NetworkPolicy' ? textsAt(manifest, 'spec.ingress.*.ports.*.port') : []),
  ];
  return used
    .filter((name) => !ports.includes(name))
    .map((name) => `${title(manifest)} uses the port "${name}", which no container has`);
}

function ingressProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  if (manifest.kind !== 'Ingress') return [];
  return valuesAt(manifest, 'spec.rules.*.http.paths.*.backend.service').flatMap((backend) => {
    const [name] = textsAt(backend, 'name');
    const [port] = textsAt(backend, 'port.name');
    const found = manifests.some(
      (other) =>
        other.kind === 'Service' &&
        other.metadata.name === name &&
        textsAt(other, 'spec.ports.*.name').some((known) => known === port),
    );
    if (found) return [];
    return [`${title(manifest)} leads to ${name ?? '?'}:${port ?? '?'}, which does not exist`];
  });
}

/** An HTTPRoute names the port of a Service by its number. */
function routeProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  if (manifest.kind !== 'HTTPRoute') return [];
  return valuesAt(manifest, 'spec.rules.*.backendRefs.*').flatMap((backend) => {
    const [name] = textsAt(backend, 'name');
    const [port] = valuesAt(backend, 'port');
    const found = manifests.some(
      (other) =>
        other.kind === 'Service' &&
        other.metadata.name === name &&
        valuesAt(other, 'spec.ports.*.port').includes(port),
    );
    return found
      ? []
      : [`${title(manifest)} leads to ${name ?? '?'}:${String(port)}, which does not exist`];
  });
}

function scaleProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  if (manifest.kind !== 'HorizontalPodAutoscaler') return [];
  const [name] = textsAt(manifest, 'spec.scaleTargetRef.name');
  const found = manifests.some(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === name,
  );
  return found ? [] : [`${title(manifest)} scales ${name ?? '?'}, which does not exist`];
}
