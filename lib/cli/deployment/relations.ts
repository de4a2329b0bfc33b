import type { Manifest } from '../../constructs/checks/manifest';
import { textsAt, valuesAt } from '../../constructs/checks/manifest';
import { podReferences } from '../../constructs/checks/references';
import { selectionOf } from '../../constructs/checks/selectors';

/** How one object concerns another. */
export interface Relation {
  /** Ids of objects, see {@link idOf}. */
  readonly from: string;
  readonly to: string;
  /** A connection, something that is read, something that is filled, or a rule about pods. */
  readonly sort: 'traffic' | 'reads' | 'fills' | 'governs';
  readonly label: string;
}

/** Kinds through which connections come, beside Services. */
const MONITORS: readonly string[] = ['ServiceMonitor', 'PodMonitor'];

/** The identity of an object in a deployment; those that hold the server's code are one. */
export function idOf(manifest: Manifest): string {
  return isBundle(manifest)
    ? 'ConfigMap/bundle of the server'
    : `${manifest.kind}/${manifest.metadata.name}`;
}

export function isBundle({ kind, metadata }: Manifest): boolean {
  return kind === 'ConfigMap' && metadata.labels?.['app.kubernetes.io/component'] === 'bundle';
}

/** What the objects of a deployment say of each other, each pair and sort once. */
export function relationsOf(manifests: readonly Manifest[]): readonly Relation[] {
  return joined(
    manifests.flatMap((manifest) => [
      ...readRelations(manifest, manifests),
      ...fillRelations(manifest),
      ...routeRelations(manifest),
      ...selectRelations(manifest, manifests),
    ]),
  );
}

function readRelations(manifest: Manifest, manifests: readonly Manifest[]): Relation[] {
  const from = idOf(manifest);
  const certificates = [
    ...textsAt(manifest, 'spec.tls.*.secretName'),
    ...(manifest.kind === 'Ingress' ? [] : textsAt(manifest, 'spec.tls.certificateRefs.*.name')),
  ];
  const read = [
    ...podReferences(manifest),
    ...certificates.map((name) => ({ kind: 'Secret', name, keys: ['tls.crt', 'tls.key'] })),
  ];
  return read.map(({ kind, name, keys }): Relation => {
    const target = manifests.find((other) => other.kind === kind && other.metadata.name === name);
    if (target !== undefined && isBundle(target)) {
      return { from, to: idOf(target), sort: 'reads', label: '' };
    }
    return { from, to: `${kind}/${name}`, sort: 'reads', label: keys.join(', ') };
  });
}

/** Who writes a Secret that is no object of ours. */
function fillRelations(manifest: Manifest): Relation[] {
  const secrets = [
    ...(manifest.kind === 'ExternalSecret' ? textsAt(manifest, 'spec.target.name') : []),
    ...(manifest.kind === 'Certificate' ? textsAt(manifest, 'spec.secretName') : []),
  ];
  return secrets.map((name) => ({
    from: idOf(manifest),
    to: `Secret/${name}`,
    sort: 'fills',
    label: '',
  }));
}

function routeRelations(manifest: Manifest): Relation[] {
  const backends = [
    ...textsAt(manifest, 'spec.rules.*.http.paths.*.backend.service.name'),
    ...textsAt(manifest, 'spec.rules.*.backendRefs.*.name'),
  ];
  return backends.map((name) => ({
    from: idOf(manifest),
    to: `Service/${name}`,
    sort: 'traffic',
    label: '',
  }));
}

function selectRelations(manifest: Manifest, manifests: readonly Manifest[]): Relation[] {
  const from = idOf(manifest);
  const isWay = manifest.kind === 'Service' || MONITORS.includes(manifest.kind);
  const selected = (selectionOf(manifest, manifests)?.found ?? [])
    .filter((target) => idOf(target) !== from)
    .map((target): Relation => ({
      from,
      to: idOf(target),
      sort: isWay ? 'traffic' : 'governs',
      label: manifest.kind === 'Service' ? podPorts(manifest, target) : '',
    }));
  const scaled = textsAt(manifest, 'spec.scaleTargetRef.name').map((name): Relation => ({
    from,
    to: `Deployment/${name}`,
    sort: 'governs',
    label: '',
  }));
  return [...selected, ...scaled];
}

/** The ports of the pods that a Service leads to: `TCP 9000`. */
function podPorts(service: Manifest, workload: Manifest): string {
  const ports = valuesAt(workload, 'spec.template.spec.containers.*.ports.*');
  return valuesAt(service, 'spec.ports.*')
    .map((port) => {
      const [target] = valuesAt(port, 'targetPort');
      const named = ports.find((candidate) => textsAt(candidate, 'name')[0] === target);
      const [number = target] = valuesAt(named, 'containerPort');
      return `${textsAt(port, 'protocol')[0] ?? 'TCP'} ${String(number)}`;
    })
    .join(', ');
}

/** One relation of a sort between two ends, with all its labels. */
export function joined(relations: readonly Relation[]): Relation[] {
  const all = new Map<string, Relation>();
  for (const relation of relations) {
    const key = `${relation.sort} ${relation.from} ${relation.to}`;
    const before = all.get(key)?.label.split(', ') ?? [];
    const labels = new Set([...before, ...relation.label.split(', ')].filter(Boolean));
    all.set(key, { ...relation, label: [...labels].join(', ') });
  }
  return [...all.values()];
}
