import { z } from 'zod';

import { schemaAt, unwrap } from '../contract/schema-walk';
import { Values } from '../contract/values/values';
import type { ValuesMap } from './yaml-values';

/**
 * Puts layers of values over the defaults as Helm does: maps are merged key by key, lists and
 * scalars replaced, and `null` takes a default away: a key of a free map (an annotation) is removed,
 * a list or free map becomes empty, a text empty, a section or choice returns to its default.
 * A `null` for a number, a truth value or a choice stays, and is an error of the values: what it
 * would mean is a guess.
 *
 * @param layers - the files in order; later ones win
 */
export function mergeValues(layers: readonly ValuesMap[]): ValuesMap {
  let merged: ValuesMap = Values.parse({});
  for (const layer of layers) merged = mergeMaps(merged, layer, []);
  return merged;
}

function mergeMaps(below: ValuesMap, above: ValuesMap, path: readonly string[]): ValuesMap {
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const place = [...path, key];
    const merged = mergeValue(result.get(key), value, place);
    if (merged === undefined) result.delete(key);
    else result.set(key, merged);
  }
  return Object.fromEntries(result);
}

/** @returns `undefined` where the key goes away */
function mergeValue(below: unknown, above: unknown, path: readonly string[]): unknown {
  if (above === null) return cleared(path);
  if (!isMap(above)) return above;
  // A section with a discriminator is one choice: another choice does not inherit the first one's.
  if (isMap(below) && !isUnion(path)) return mergeMaps(below, above, path);
  return mergeMaps({}, above, path);
}

function cleared(path: readonly string[]): unknown {
  const parent = schemaAt(Values, path.slice(0, -1), {});
  if (parent !== undefined && unwrap(parent) instanceof z.ZodRecord) return undefined;
  const found = schemaAt(Values, path, {});
  const schema = found === undefined ? undefined : unwrap(found);
  if (schema instanceof z.ZodRecord) return {};
  if (schema instanceof z.ZodArray) return [];
  if (schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion) return undefined;
  if (found !== undefined && z.safeParse(found, '').success) return '';
  return found === undefined ? undefined : null;
}

function isUnion(path: readonly string[]): boolean {
  const schema = schemaAt(Values, path, {});
  return schema !== undefined && unwrap(schema) instanceof z.ZodDiscriminatedUnion;
}

function isMap(value: unknown): value is ValuesMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
