import { stringify } from 'yaml';

import type { Effects, MadeObject } from './effects';
import { otherValues } from './other-values';
import { type FoundNode, boundsOf, childrenOf, typeOf } from './schema-node';

/** All that is known about a value. */
export interface ValueDescription {
  readonly value: string;
  readonly type: string;
  readonly allowed: string;
  readonly default: unknown;
  readonly description: string;
  readonly example: unknown;
  /** The values and sections below it. */
  readonly below: readonly {
    readonly value: string;
    readonly type: string;
    readonly description: string;
  }[];
  /** What another value would do to the present deployment; `null` where none could be tried. */
  readonly effect: {
    readonly adds: readonly string[];
    readonly removes: readonly string[];
    readonly changes: readonly string[];
    readonly podsRestart: boolean;
  } | null;
}

export function describeValue(found: FoundNode, effects: Effects): ValueDescription {
  const { path, node, fallback } = found;
  const children = childrenOf(found);
  const effect = children.length === 0 ? effects.of(found) : undefined;
  const example = node.examples?.[0] ?? effect?.tried ?? otherValues(node, fallback)[0];
  return {
    value: path,
    type: children.length > 0 ? 'section' : typeOf(node),
    allowed: boundsOf(node),
    default: fallback ?? node.default ?? null,
    description: node.description ?? '',
    example: children.length > 0 ? null : (example ?? null),
    below: children.map((child) => ({
      value: child.path,
      type: childrenOf(child).length > 0 ? 'section' : typeOf(child.node),
      description: child.node.description ?? '',
    })),
    effect:
      effect === undefined
        ? null
        : {
            adds: effect.added.map(objectName),
            removes: effect.removed.map(objectName),
            changes: effect.changed.map(objectName),
            podsRestart: effect.restarts,
          },
  };
}

export function objectName({ manifest }: MadeObject): string {
  return `${manifest.kind}/${manifest.metadata.name}`;
}

/** A description for a terminal. */
export function valueText(answer: ValueDescription & { readonly isExample: boolean }): string {
  const { below, effect } = answer;
  const isSection = below.length > 0;
  const lines: [title: string, text: string][] = [
    ['VALUE', answer.value],
    ['MEANING', answer.description],
    ['TYPE', answer.type],
    ['ALLOWED', answer.allowed],
    ['DEFAULT', isSection || answer.default === null ? '' : JSON.stringify(answer.default)],
  ];
  if (answer.example !== null) lines.push(['EXAMPLE', yamlOf(answer.value, answer.example)]);
  if (!isSection) lines.push(['CHANGES', changesText(effect)]);
  if (effect !== null) lines.push(['PODS', effect.podsRestart ? 'restart' : 'stay']);
  const text = lines
    .filter(([, value]) => value !== '')
    .map(([title, value]) => `${title.padEnd(9)}${value.replaceAll('\n', `\n${' '.repeat(9)}`)}`);
  if (isSection) {
    const width = Math.max(...below.map(({ value }) => value.length));
    text.push(
      '',
      ...below.map(({ value, type, description }) => {
        return `  ${value.padEnd(width)}  ${type}${description === '' ? '' : `: ${description}`}`;
      }),
    );
  }
  if (answer.isExample && !isSection)
    text.push('', 'Tried on an example: the given values make no deployment.');
  return `${text.join('\n')}\n`;
}

function changesText(effect: ValueDescription['effect']): string {
  if (effect === null) return 'no other value is allowed beside the values that are set';
  const parts = [
    ...effect.changes,
    ...effect.adds.map((name) => `${name} (added)`),
    ...effect.removes.map((name) => `${name} (removed)`),
  ];
  return parts.length === 0 ? 'nothing, beside the values that are set' : parts.join('\n');
}

function yamlOf(path: string, value: unknown): string {
  const nested = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return stringify(nested, { version: '1.1' }).trimEnd();
}
