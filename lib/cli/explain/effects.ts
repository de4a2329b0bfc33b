import { App, ApiObject } from 'cdk8s';

import type { Bundle } from '../../bundle/manifest';
import { ServerChart } from '../../charts/server';
import type { Manifest } from '../../constructs/checks/manifest';
import { valuesAt } from '../../constructs/checks/manifest';
import { readValues } from '../../contract/plan';
import type { Release } from '../../contract/release';
import { type MutableMap, type ValuesMap, isMap, setKey } from '../values/values-map';
import { otherValues } from './other-values';
import type { FoundNode } from './schema-node';

/** One object and where it comes from. */
export interface MadeObject {
  /** Path of the construct in the tree: the object's identity, whatever its name. */
  readonly construct: string;
  /** Class of the construct that makes it. */
  readonly madeBy: string;
  readonly manifest: Manifest;
}

/** What another value would do to the objects. */
export interface Effect {
  readonly path: string;
  /** The value that was tried. */
  readonly tried: unknown;
  readonly added: readonly MadeObject[];
  readonly removed: readonly MadeObject[];
  readonly changed: readonly MadeObject[];
  /** Whether the pods are replaced. */
  readonly restarts: boolean;
}

/** Tries values on one deployment: what they change is seen, and not written down by hand. */
export class Effects {
  readonly objects: readonly MadeObject[];
  readonly #values: ValuesMap;
  readonly #release: Release;
  readonly #bundle: Bundle;
  readonly #texts: ReadonlyMap<string, string>;

  /** @throws {Error} when the values themselves make no deployment */
  constructor(values: ValuesMap, release: Release, bundle: Bundle) {
    this.#values = values;
    this.#release = release;
    this.#bundle = bundle;
    const objects = this.#render(values);
    if (objects === undefined) throw new Error('these values make no deployment');
    this.objects = objects;
    this.#texts = texts(objects);
  }

  /** @returns `undefined` where no other value is allowed beside the values that are there */
  of({ path, node }: FoundNode): Effect | undefined {
    const parts = path.split('.');
    for (const tried of otherValues(node, valueAt(this.#values, parts))) {
      const objects = this.#render(withValue(this.#values, parts, tried));
      if (objects !== undefined) return this.#compare(path, tried, objects);
    }
    return undefined;
  }

  #render(values: ValuesMap): readonly MadeObject[] | undefined {
    const result = readValues(values, this.#release, { allowUnserved: true });
    if (!result.ok) return undefined;
    const plan = result.value;
    const chart = new ServerChart(new App(), 'deployment', { plan, bundle: this.#bundle });
    return chart.node
      .findAll()
      .filter((construct) => construct instanceof ApiObject)
      .map((object) => ({
        construct: object.node.path,
        madeBy: object.node.scope?.constructor.name ?? '',
        manifest: object.toJson() as Manifest,
      }));
  }

  #compare(path: string, tried: unknown, objects: readonly MadeObject[]): Effect {
    const after = texts(objects);
    const changed = this.objects.filter(({ construct }) => {
      const text = after.get(construct);
      return text !== undefined && text !== this.#texts.get(construct);
    });
    return {
      path,
      tried,
      added: objects.filter(({ construct }) => !this.#texts.has(construct)),
      removed: this.objects.filter(({ construct }) => !after.has(construct)),
      changed,
      restarts: template(this.objects) !== template(objects),
    };
  }
}

function texts(objects: readonly MadeObject[]): ReadonlyMap<string, string> {
  return new Map(objects.map(({ construct, manifest }) => [construct, JSON.stringify(manifest)]));
}

function template(objects: readonly MadeObject[]): string {
  const deployments = objects.filter(({ manifest }) => manifest.kind === 'Deployment');
  return JSON.stringify(deployments.map(({ manifest }) => valuesAt(manifest, 'spec.template')));
}

function valueAt(values: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return values;
  return isMap(values) && Object.hasOwn(values, key) ? valueAt(values[key], rest) : undefined;
}

/** A copy with one value set. */
function withValue(values: unknown, [key, ...rest]: readonly string[], value: unknown): MutableMap {
  const copy: MutableMap = isMap(values) ? { ...values } : {};
  if (key !== undefined) {
    setKey(copy, key, rest.length === 0 ? value : withValue(copy[key], rest, value));
  }
  return copy;
}
