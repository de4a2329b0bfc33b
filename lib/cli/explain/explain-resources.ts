import { MANIFEST_CHECKS } from '../../constructs/checks/check-manifests';
import { factsOf } from '../deployment/facts';
import { idOf, isBundle, relationsOf } from '../deployment/relations';
import { type ValuesMap, isMap } from '../values/values-map';
import type { Effect, Effects, MadeObject } from './effects';
import { objectName } from './explain-value';
import { type FoundNode, leavesOf } from './schema-node';

/** Why one object is there, and what makes it what it is. */
export interface ResourceDescription {
  readonly resource: string;
  readonly namespace: string | null;
  /** The construct in the tree, and its class. */
  readonly construct: string;
  readonly madeBy: string;
  /** The values that would take it away; `[]`: it is always there. */
  readonly because: readonly string[];
  readonly shapedBy: readonly string[];
  /** What there is to know of it at a glance. */
  readonly facts: readonly string[];
  /** The Secrets, ConfigMaps and the account that it reads, with the keys. */
  readonly reads: readonly string[];
  /** The objects that say what its pods may do: network, disruption, scaling. */
  readonly policies: readonly string[];
  /** The checks of every synth that look at it. */
  readonly checks: readonly string[];
}

export interface ResourcesDescription {
  readonly resources: readonly ResourceDescription[];
  /** What is not made, and the value that would have it made. */
  readonly notMade: readonly { readonly resource: string; readonly value: string }[];
  /** What every synth checks before it writes anything. */
  readonly checks: readonly { readonly check: string; readonly proves: string }[];
  /** The values whose change restarts the pods. */
  readonly restartPods: readonly string[];
}

export function describeResources(
  root: FoundNode,
  effects: Effects,
  values: ValuesMap,
): ResourcesDescription {
  const tried = leavesOf(root)
    .map((leaf) => effects.of(leaf))
    .filter((effect) => effect !== undefined);
  const has = (objects: readonly MadeObject[], { construct }: MadeObject) =>
    objects.some((object) => object.construct === construct);
  const relations = relationsOf(effects.objects.map(({ manifest }) => manifest));
  const added = new Map<string, string>();
  for (const effect of tried) {
    for (const { manifest } of effect.added) {
      if (!added.has(manifest.kind)) added.set(manifest.kind, effect.path);
    }
  }
  return {
    resources: effects.objects.map((object) => ({
      resource: objectName(object),
      namespace: object.manifest.metadata.namespace ?? null,
      construct: object.construct,
      madeBy: object.madeBy,
      because: pathsOf(tried, (effect) => has(effect.removed, object)).map((path) => {
        return withSwitch(path, values);
      }),
      shapedBy: pathsOf(tried, (effect) => has(effect.changed, object)),
      facts: isBundle(object.manifest) ? [] : factsOf(object.manifest),
      reads: relations
        .filter(({ from, sort }) => sort === 'reads' && from === idOf(object.manifest))
        .map(({ to, label }) => `${to}${label === '' ? '' : ` (${label})`}`),
      policies: relations
        .filter(({ to, sort }) => sort === 'governs' && to === idOf(object.manifest))
        .map(({ from }) => from),
      checks: MANIFEST_CHECKS.filter(({ isAbout }) => isAbout(object.manifest)).map(
        ({ name }) => name,
      ),
    })),
    notMade: [...added].map(([resource, value]) => ({ resource, value })),
    checks: MANIFEST_CHECKS.map(({ name, proves }) => ({ check: name, proves })),
    restartPods: pathsOf(tried, ({ restarts }) => restarts),
  };
}

function pathsOf(effects: readonly Effect[], holds: (effect: Effect) => boolean): string[] {
  return effects.filter(holds).map(({ path }) => path);
}

/** `ingress.enabled=true`; a text may be a secret, and is left out. */
function withSwitch(path: string, values: ValuesMap): string {
  const value = path
    .split('.')
    .reduce<unknown>((found, key) => (isMap(found) ? found[key] : undefined), values);
  return typeof value === 'boolean' || typeof value === 'number' ? `${path}=${value}` : path;
}

/** A description for a terminal. */
export function resourcesText(
  answer: ResourcesDescription & { readonly isExample: boolean },
): string {
  const blocks = answer.resources.map((resource) => {
    const { because, shapedBy, policies, facts, reads, checks } = resource;
    return [
      resource.resource,
      `  made by    ${resource.madeBy} (${resource.construct})`,
      ...facts.map((fact, index) => `  ${index === 0 ? 'is' : '  '}         ${fact}`),
      ...(reads.length === 0 ? [] : [`  reads      ${wrapped(reads)}`]),
      `  because    ${because.length === 0 ? 'always' : because.join(', ')}`,
      ...(shapedBy.length === 0 ? [] : [`  shaped by  ${wrapped(shapedBy)}`]),
      ...(policies.length === 0 ? [] : [`  policies   ${wrapped(policies)}`]),
      `  checked    ${wrapped(checks)}`,
    ].join('\n');
  });
  const rest = [
    ...answer.notMade.map(({ resource, value }) => `  ${resource}: see ${value}`),
    ...(answer.notMade.length === 0 ? [] : ['']),
  ];
  return [
    ...(answer.isExample ? ['An example: the given values make no deployment.\n'] : []),
    ...blocks.map((block) => `${block}\n`),
    ...(rest.length === 0 ? [] : ['Not made:', ...rest]),
    'Checked at each synth, before anything is written:',
    ...answer.checks.map(({ check, proves }) => `  ${check.padEnd(12)} ${proves}`),
    '',
    `Restart the pods:\n             ${wrapped(answer.restartPods)}\n`,
  ].join('\n');
}

/** A list in lines of at most 100 characters. */
function wrapped(words: readonly string[]): string {
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length > 84) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last}, ${word}`;
  }
  return lines.join(`,\n${' '.repeat(13)}`);
}
