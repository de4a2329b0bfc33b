import type { Manifest } from '../../constructs/checks/manifest';
import type { Release } from '../../contract/release';
import { type ValuesMap, isMap } from '../values/values-map';
import type { ClusterFacts } from './consequences/consequence';
import { differences } from './differences';
import { Kubectl, KubectlError, type KubectlOptions } from './kubectl';
import { LAST_APPLIED } from './meaning';
import { appliedParts, helmParts, jsonOf, knownPart } from './owned-fields';
import { snapshotOf } from './snapshot';
import { identityOf } from './state-diff';
import { parseManifests } from './state';
import { pathWords } from './words';

/** Kinds that a deployment may have left in the namespace, beside those that it has now. */
const KINDS = [
  'apps/Deployment',
  '/Service',
  '/ConfigMap',
  '/ServiceAccount',
  'networking.k8s.io/Ingress',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
  'autoscaling/HorizontalPodAutoscaler',
  'batch/Job',
  'gateway.networking.k8s.io/HTTPRoute',
  'cert-manager.io/Certificate',
  'monitoring.coreos.com/ServiceMonitor',
  'monitoring.coreos.com/PodMonitor',
  'monitoring.coreos.com/PrometheusRule',
  'external-secrets.io/ExternalSecret',
];

export interface ReadClusterOptions extends KubectlOptions {
  readonly release: Release;
}

export interface ClusterState {
  /** The objects as far as they were asked for by somebody who applies manifests. */
  readonly objects: readonly Manifest[];
  readonly facts: ClusterFacts;
}

/**
 * What the cluster has of a deployment: the objects of the manifests, and those with its labels that
 * are not in the manifests. Of Secrets only the names are asked for.
 *
 * @throws {KubectlError} when kubectl can not answer
 */
export function readCluster(
  desired: readonly Manifest[],
  options: ReadClusterOptions,
): ClusterState {
  const kubectl = new Kubectl(options);
  const known = resourcesOf(kubectl);
  const unknown = desired.filter((it) => !known.has(kindOf(it)));
  const reader = new Reader(kubectl, known, options.release);
  const live = reader.named(desired.filter((it) => it.kind !== 'Secret' && known.has(kindOf(it))));
  const pairs = desired.flatMap((wanted) => {
    const found = live.find((it) => identityOf(it) === identityOf(wanted));
    return found === undefined ? [] : [{ wanted, found }];
  });
  const ids = new Set(desired.map(identityOf));
  const { objects: labelled, skipped } = reader.labelled();
  const leftovers = labelled.filter((it) => !ids.has(identityOf(it)));
  const needed = [...snapshotOf(desired).secrets.keys()];
  const made = desired.filter(({ kind }) => kind === 'Secret');
  const secrets = reader.secrets([...needed, ...made.map(({ metadata }) => metadata.name)]);
  // What they hold is not asked for, so that they are not compared.
  const unread = made.filter(({ metadata }) => secrets?.has(metadata.name) !== false);
  return {
    objects: [
      ...pairs.map(({ wanted, found }) => askedFor(found, wanted)),
      ...unread,
      ...leftovers,
    ],
    facts: {
      secrets,
      unread: unread.map(({ metadata }) => metadata.name),
      skippedKinds: skipped,
      unknownKinds: [...new Set(unknown.map(({ kind, apiVersion }) => `${kind} (${apiVersion})`))],
      foreignFields: pairs.flatMap(({ wanted, found }) => foreignFields(found, wanted)),
    },
  };
}

interface Resource {
  /** For the command line, with its group. */
  readonly name: string;
  readonly isNamespaced: boolean;
}

function kindOf({ apiVersion, kind }: Manifest): string {
  return `${apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : ''}/${kind}`;
}

/** The kinds that the API server knows, as `group/Kind`. */
function resourcesOf(kubectl: Kubectl): ReadonlyMap<string, Resource> {
  const rows = kubectl.read('api-resources', ['--no-headers']).trim().split('\n');
  return new Map(
    rows.map((row) => {
      const words = row.trim().split(/\s+/);
      const [apiVersion = '', isNamespaced, kind = ''] = words.slice(-3);
      const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
      const name = `${words[0] ?? ''}${group === '' ? '' : `.${group}`}`;
      return [`${group}/${kind}`, { name, isNamespaced: isNamespaced === 'true' }];
    }),
  );
}

class Reader {
  readonly #kubectl: Kubectl;
  readonly #known: ReadonlyMap<string, Resource>;
  readonly #release: Release;

  constructor(kubectl: Kubectl, known: ReadonlyMap<string, Resource>, release: Release) {
    this.#kubectl = kubectl;
    this.#known = known;
    this.#release = release;
  }

  /** Those of these objects that are there. */
  named(wanted: readonly Manifest[]): readonly Manifest[] {
    const namespaces = new Set(wanted.map(({ metadata }) => metadata.namespace ?? ''));
    return [...namespaces].flatMap((namespace) => {
      const names = wanted
        .filter(({ metadata }) => (metadata.namespace ?? '') === namespace)
        .map((it) => `${this.#known.get(kindOf(it))?.name ?? ''}/${it.metadata.name}`);
      return this.#get([...names, '--ignore-not-found'], namespace);
    });
  }

  /** What carries the labels of this release, and nobody else looks after. */
  labelled(): { readonly objects: readonly Manifest[]; readonly skipped: readonly string[] } {
    const kinds = KINDS.flatMap((kind) => this.#known.get(kind)?.name ?? []);
    const { objects, skipped } = this.#ofKinds(kinds);
    const ours = objects.filter(({ metadata }) => {
      const { ownerReferences } = metadata as { readonly ownerReferences?: unknown };
      const name = metadata.labels?.['app.kubernetes.io/name'];
      const isOurs =
        metadata.labels?.['app.kubernetes.io/part-of'] === 'rucio-mcp' || name === 'rucio-mcp';
      return ownerReferences === undefined && isOurs;
    });
    return { objects: ours, skipped };
  }

  /** One kind that nobody may list fails the question for all: then each is asked for alone. */
  #ofKinds(kinds: readonly string[]): {
    readonly objects: readonly Manifest[];
    readonly skipped: readonly string[];
  } {
    const selector = `app.kubernetes.io/instance=${this.#release.name}`;
    try {
      const objects = this.#get([kinds.join(','), '-l', selector], this.#release.namespace);
      return { objects, skipped: [] };
    } catch (error) {
      if (!(error instanceof KubectlError && error.isForbidden)) throw error;
      if (kinds.length <= 1) return { objects: [], skipped: kinds };
      const parts = kinds.map((kind) => this.#ofKinds([kind]));
      return {
        objects: parts.flatMap(({ objects }) => objects),
        skipped: parts.flatMap(({ skipped }) => skipped),
      };
    }
  }

  /**
   * The Secrets of these names that are there. They are asked for as a table, for which the API
   * server sends no data; `undefined` where nobody may look.
   */
  secrets(names: readonly string[]): ReadonlySet<string> | undefined {
    if (names.length === 0) return new Set();
    const { namespace } = this.#release;
    try {
      const table = this.#kubectl.read('get', [
        'secrets',
        ...new Set(names),
        ...['--namespace', namespace, '--ignore-not-found', '--no-headers'],
      ]);
      return new Set(table.split('\n').flatMap((row) => row.split(/\s+/)[0] || []));
    } catch (error) {
      if (error instanceof KubectlError && error.isForbidden) return undefined;
      throw error;
    }
  }

  #get(args: readonly string[], namespace: string): readonly Manifest[] {
    const all = [...args, '--namespace', namespace, '-o', 'json', '--show-managed-fields'];
    return parseManifests(this.#kubectl.read('get', all), 'the answer of kubectl', { namespace });
  }
}

/**
 * What of a live object somebody has asked for: what the manifest sets, what was applied before, and
 * what Helm has set.
 */
function askedFor(live: Manifest, wanted: Manifest): Manifest {
  const part = knownPart(live, wanted, ...shapesOf(live), ...helmParts(live).map(content));
  const { apiVersion, kind } = wanted;
  const { name, namespace } = live.metadata;
  const known = isMap(part) ? part : {};
  const metadata = isMap(known['metadata']) ? known['metadata'] : {};
  return {
    ...known,
    apiVersion,
    kind,
    metadata: { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** What was applied: by the annotation of kubectl, and by its server-side apply. */
function shapesOf(live: Manifest): readonly unknown[] {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  return [...(text === undefined ? [] : [jsonOf(text)]), ...appliedParts(live)];
}

/** Labels and annotations that Helm leaves do no harm. */
function content(part: unknown): unknown {
  if (!isMap(part)) return undefined;
  const { metadata: _, ...rest } = part;
  return rest;
}

/** Fields that Helm has set, and neither the manifest nor an apply knows: they stay. */
function foreignFields(
  live: Manifest,
  wanted: Manifest,
): readonly { readonly object: string; readonly path: string }[] {
  return helmParts(live)
    .map(content)
    .filter((part): part is ValuesMap => part !== undefined)
    .flatMap((part) => {
      const taken = knownPart(part, wanted, ...shapesOf(live)) ?? {};
      return differences(taken, part);
    })
    .filter(({ before, after }) => before === undefined && after !== undefined)
    .map(({ path }) => ({
      object: `${live.kind}/${live.metadata.name}`,
      path: pathWords(path),
    }));
}
