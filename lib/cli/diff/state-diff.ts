import { type Manifest, textsAt, valuesAt } from '../../constructs/checks/manifest';
import { PROVENANCE_ANNOTATIONS } from '../../bundle/manifest';
import { ENVIRONMENT } from '../../contract/endpoints';
import { isBundle } from '../deployment/relations';
import { type Change, type PathPart, differences } from './differences';
import { meaningOf } from './meaning';

const VERSION_LABEL = 'app.kubernetes.io/version';
/** The digits of a digest that are shown. */
export const DIGEST_DIGITS = 12;

/** What becomes of one object. */
export interface ObjectChange {
  readonly action: 'added' | 'removed' | 'changed';
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty for what is added or removed as a whole. */
  readonly changes: readonly Change[];
}

/** Something that many objects say, and that is told once. */
export interface FoldedChange {
  readonly before: string | null;
  readonly after: string | null;
  /** The objects, as `Kind/name`. */
  readonly objects: readonly string[];
}

/** What one state of a deployment has and another has not. */
export interface StateDiff {
  readonly objects: readonly ObjectChange[];
  /** Another server runs; the objects that carry its code and digest are not told one by one. */
  readonly server: FoldedChange | null;
  /** The label with the version. */
  readonly relabelled: FoldedChange | null;
}

/** The identity of an object for the API server; the version of its API does not count. */
export function identityOf({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
  return `${group}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Compares two states object by object, by their identities. */
export function stateDiff(before: readonly Manifest[], after: readonly Manifest[]): StateDiff {
  const old = new Map(before.map((manifest) => [identityOf(manifest), manifest]));
  const fresh = new Map(after.map((manifest) => [identityOf(manifest), manifest]));
  const all = [...new Set([...fresh.keys(), ...old.keys()])].flatMap((id) =>
    objectChange(old.get(id), fresh.get(id)),
  );
  const server = serverChange(before, after, all);
  const unserved = server === null ? all : all.flatMap(withoutServer);
  const relabelled = relabelling(unserved);
  return {
    objects: relabelled === null ? unserved : unserved.flatMap(withoutVersion),
    server,
    relabelled,
  };
}

/** Whether the states are the same. */
export function isEmpty({ objects, server, relabelled }: StateDiff): boolean {
  return objects.length === 0 && server === null && relabelled === null;
}

interface Told extends ObjectChange {
  readonly manifest: Manifest;
}

function objectChange(before: Manifest | undefined, after: Manifest | undefined): Told[] {
  const manifest = after ?? before;
  if (manifest === undefined) return [];
  const { apiVersion, kind, metadata } = manifest;
  const told = {
    manifest,
    apiVersion,
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  };
  if (before === undefined) return [{ ...told, action: 'added', changes: [] }];
  if (after === undefined) return [{ ...told, action: 'removed', changes: [] }];
  const changes = differences(meaningOf(before), meaningOf(after));
  return changes.length === 0 ? [] : [{ ...told, action: 'changed', changes }];
}

function serverChange(
  before: readonly Manifest[],
  after: readonly Manifest[],
  all: readonly Told[],
): FoldedChange | null {
  const [old, fresh] = [serverOf(before), serverOf(after)];
  if (old === fresh) return null;
  const objects = all.filter(({ manifest }) => isBundle(manifest)).map(nameOf);
  return { before: old, after: fresh, objects };
}

/** What runs in the pods: `server 0.1.0 (3fa4...)`; `null` where nothing does. */
function serverOf(manifests: readonly Manifest[]): string | null {
  const workload = workloadOf(manifests);
  if (workload === undefined) return null;
  const version = workload.metadata.labels?.[VERSION_LABEL] ?? 'of an unknown version';
  const [digest] = valuesAt(workload, 'spec.template.spec.containers.*.env.*')
    .filter((variable) => textsAt(variable, 'name')[0] === ENVIRONMENT.bundleSha256)
    .flatMap((variable) => textsAt(variable, 'value'));
  if (digest !== undefined) return `server ${version} (${digest.slice(0, DIGEST_DIGITS)})`;
  return isPython(workload) ? `Python server ${version}` : `server ${version} from its image`;
}

/** Whether these pods run the Python server, which pixi installs. */
export function isPython(workload: Manifest): boolean {
  const pod = 'spec.template.spec';
  const installs = textsAt(workload, `${pod}.initContainers.*.name`).includes('pixi-install');
  // An init container that was left behind runs nothing.
  return (
    installs && !textsAt(workload, `${pod}.containers.*.env.*.name`).includes(ENVIRONMENT.config)
  );
}

/** The Deployment of the server: what runs `serve`, or the only one. */
export function workloadOf(manifests: readonly Manifest[]): Manifest | undefined {
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  return (
    deployments.find(
      (it) =>
        textsAt(it, 'spec.template.spec.containers.*.name').includes('rucio-mcp') &&
        textsAt(it, 'spec.template.spec.containers.*.args.*').some((arg) => /\bserve\b/.test(arg)),
    ) ?? (deployments.length === 1 ? deployments[0] : undefined)
  );
}

/** What says nothing beyond "another server": chunks, their mounts, the loader and digests. */
function withoutServer(told: Told): Told[] {
  if (isBundle(told.manifest)) return [];
  if (told.kind !== 'Deployment' || told.action !== 'changed') return [told];
  const changes = told.changes.filter(({ path }) => !isServers(path));
  return changes.length === 0 ? [] : [{ ...told, changes }];
}

function isServers(path: readonly PathPart[]): boolean {
  const words = path.map((part) => (typeof part === 'string' ? part : part.item));
  const [list, item] = words.slice(words.includes('containers') ? 5 : 3);
  const variables: readonly string[] = [ENVIRONMENT.bundleSha256, ENVIRONMENT.bundleChunks];
  return (
    Object.values<string>(PROVENANCE_ANNOTATIONS).includes(words.at(-1) ?? '') ||
    (list === 'volumes' && item === 'bundle') ||
    (list === 'env' && variables.includes(item ?? ''))
  );
}

/** One other version in the label of several objects. */
function relabelling(all: readonly Told[]): FoldedChange | null {
  const found = all.flatMap((told) =>
    told.changes.filter(({ path }) => isVersion(path)).map((change) => ({ told, change })),
  );
  const pairs = new Set(found.map(({ change }) => JSON.stringify([change.before, change.after])));
  const [first] = found;
  if (first === undefined || pairs.size !== 1) return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    before: text(first.change.before),
    after: text(first.change.after),
    objects: [...new Set(found.map(({ told }) => nameOf(told)))],
  };
}

function withoutVersion(told: Told): Told[] {
  if (told.action !== 'changed') return [told];
  const changes = told.changes.filter(({ path }) => !isVersion(path));
  return changes.length === 0 ? [] : [{ ...told, changes }];
}

function isVersion(path: readonly PathPart[]): boolean {
  return path.at(-2) === 'labels' && path.at(-1) === VERSION_LABEL;
}

function nameOf({ kind, name }: ObjectChange): string {
  return `${kind}/${name}`;
}
