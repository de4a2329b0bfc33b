import { type MutableMap, type ValuesMap, isMap, setKey } from './values-map';

/** Whether a map is another choice than the one below it, which it then replaces as a whole. */
export type Replaces = (path: readonly string[], below: ValuesMap, above: ValuesMap) => boolean;

const NEVER: Replaces = () => false;

/**
 * Puts one values file over another as Helm does: maps are merged key by key, all else is replaced.
 * `null` is a value here; see {@link coalesce} for what it does to defaults.
 */
export function mergeMaps(
  below: ValuesMap,
  above: ValuesMap,
  replaces: Replaces = NEVER,
  path: readonly string[] = [],
): MutableMap {
  const merged = copyMap(below);
  for (const [key, value] of Object.entries(above)) {
    const place = [...path, key];
    const old = merged[key];
    const merges =
      Object.hasOwn(merged, key) && isMap(value) && isMap(old) && !replaces(place, old, value);
    setKey(merged, key, merges ? mergeMaps(old, value, replaces, place) : value);
  }
  return merged;
}

/**
 * Puts values over the defaults of a chart as Helm 3 does: maps are merged key by key, lists and
 * scalars win as a whole, and `null` takes the default of its key away. A `null` for a key without
 * a default stays.
 */
export function coalesce(
  defaults: ValuesMap,
  values: ValuesMap,
  replaces: Replaces = NEVER,
  path: readonly string[] = [],
): MutableMap {
  const result = copyMap(values);
  for (const [key, fallback] of Object.entries(defaults)) {
    const place = [...path, key];
    if (!Object.hasOwn(values, key)) {
      setKey(result, key, structuredClone(fallback));
      continue;
    }
    const value = values[key];
    if (value === null) {
      // Helm 3 keeps a null below the top level where the default is null too.
      if (fallback !== null || path.length === 0) Reflect.deleteProperty(result, key);
    } else if (isMap(value) && isMap(fallback) && !replaces(place, fallback, value)) {
      setKey(result, key, coalesce(fallback, value, replaces, place));
    }
  }
  return result;
}

function copyMap(map: ValuesMap): MutableMap {
  const copy: MutableMap = {};
  for (const [key, value] of Object.entries(map)) setKey(copy, key, value);
  return copy;
}
