import { z } from 'zod';

import { schemaAt, unwrap } from '../../contract/schema-walk';
import { Values } from '../../contract/values/values';
import { type HelmValuesOptions, type ValuesSources, helmValues } from './helm-values';
import { type MutableMap, type ValuesMap, getKey, isMap, setKey } from './values-map';

/**
 * Puts what an operator gave over our defaults as Helm does, and gives a default that was taken away
 * with `null` its meaning: a key of a free map (an annotation) is gone, a list or free map is empty,
 * a text is empty, a section or choice returns to its default. A `null` for a number, a truth value
 * or a word of a list stays, and is an error of the values: what it would mean is a guess.
 *
 * @throws {SetProblems} with every argument of the `--set` family that has no meaning
 */
export function mergeValues(
  sources: ValuesSources,
  options: Omit<HelmValuesOptions, 'replaces'> = {},
): ValuesMap {
  const defaults = Values.parse({}) as ValuesMap;
  const merged = helmValues(defaults, sources, { ...options, replaces: replacesChoice });
  return withCleared(defaults, merged, []);
}

/** Helm lets a key go with its default; here the schema would bring the default back. */
function withCleared(defaults: ValuesMap, merged: ValuesMap, path: readonly string[]): MutableMap {
  const result: MutableMap = {};
  for (const key of new Set([...Object.keys(merged), ...Object.keys(defaults)])) {
    const place = [...path, key];
    const value = Object.hasOwn(merged, key) ? merged[key] : null;
    const fallback = getKey(defaults, key);
    const meant = isMap(value)
      ? withCleared(
          isMap(fallback) && !replacesChoice(place, fallback, value) ? fallback : {},
          value,
          place,
        )
      : value === null
        ? cleared(place)
        : value;
    if (meant !== undefined) setKey(result, key, meant);
  }
  return result;
}

/** @returns `undefined` where the key goes away, or where its default comes back */
function cleared(path: readonly string[]): unknown {
  const parent = schemaAt(Values, path.slice(0, -1), {});
  if (parent !== undefined && unwrap(parent) instanceof z.ZodRecord) return undefined;
  const found = schemaAt(Values, path, {});
  const schema = found === undefined ? undefined : unwrap(found);
  if (found === undefined || schema === undefined) return null;
  if (schema instanceof z.ZodRecord) return {};
  if (schema instanceof z.ZodArray) return [];
  if (schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion) return undefined;
  return z.safeParse(found, '').success ? '' : null;
}

/** A section with a discriminator is one choice: another choice does not inherit the first one's. */
function replacesChoice(path: readonly string[], below: ValuesMap, above: ValuesMap): boolean {
  const found = schemaAt(Values, path, {});
  const schema = found === undefined ? undefined : unwrap(found);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return false;
  const word = getKey(above, schema.def.discriminator);
  return word !== undefined && word !== getKey(below, schema.def.discriminator);
}
