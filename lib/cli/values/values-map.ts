/** A map of values, as an operator wrote it. */
export type ValuesMap = Readonly<Record<string, unknown>>;

/** A map that is being put together. */
export type MutableMap = Record<string, unknown>;

export function isMap(value: unknown): value is MutableMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a key as data, `__proto__` too: an assignment would change the prototype. */
export function setKey(map: MutableMap, key: string, value: unknown): void {
  Object.defineProperty(map, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** What a key holds, and nothing of the prototype. */
export function getKey(map: ValuesMap, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** How to call the kind of a value in a message. Never the value: it may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}
