import { readBundle } from '../../bundle/read';
import { readValues } from '../../contract/plan';
import type { Release } from '../../contract/release';
import type { ValuesMap } from '../values/values-map';
import { Effects } from './effects';
import { exampleValues } from './example-values';
import { describeResources, resourcesText } from './explain-resources';
import { describeValue, valueText } from './explain-value';
import { findNode, rootNode } from './find-node';

export interface ExplainOptions {
  /** Values as they were given, over the defaults. */
  readonly values: ValuesMap;
  readonly release: Release;
  /** The value to explain; without one, all resources. */
  readonly value: string | undefined;
  readonly json: boolean;
  readonly bundleDirectory: string;
}

/**
 * Explains one value, or every resource of a deployment, from the schema and from what other values
 * would do to the manifests.
 *
 * @throws {UsageError} when there is no such value
 */
export function explain(options: ExplainOptions): string {
  const { value, json } = options;
  const root = rootNode();
  const found = value === undefined ? root : findNode(root, value);
  const { effects, values, isExample } = effectsOf(options);
  if (value === undefined) {
    const described = describeResources(root, effects, values);
    const answer = { ...described, isExample };
    return json ? toJson(answer) : resourcesText(answer);
  }
  const answer = { ...describeValue(found, effects), isExample };
  return json ? toJson(answer) : valueText(answer);
}

function effectsOf({ value, values, release, bundleDirectory }: ExplainOptions): {
  readonly effects: Effects;
  readonly values: ValuesMap;
  readonly isExample: boolean;
} {
  const bundle = readBundle(bundleDirectory);
  // What the chunks hold depends on no value, and is large.
  const chunks = bundle.chunks.map((chunk) => ({ ...chunk, content: Buffer.alloc(0) }));
  const isExample = !readValues(values, release, { allowUnserved: true }).ok;
  const base = isExample ? exampleValues(value) : values;
  return { effects: new Effects(base, release, { ...bundle, chunks }), values: base, isExample };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
