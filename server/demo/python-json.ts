/** A JSON document as Rucio writes it: `Infinity` is a number like any other. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Separators of Python's `json.dumps`, and of Flask's `jsonify`. */
const SPACED = { item: ', ', key: ': ' };
const COMPACT = { item: ',', key: ':' };

function asciiOnly(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function write(value: Json, separators: typeof SPACED): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return asciiOnly(value);
  if (Array.isArray(value)) {
    return `[${value.map((item: Json) => write(item, separators)).join(separators.item)}]`;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${asciiOnly(key)}${separators.key}${write(item, separators)}`,
  );
  return `{${entries.join(separators.item)}}`;
}

/** Text as Python's `json.dumps` writes it: ASCII only, `Infinity` as a bare word. */
export function pythonJson(value: Json): string {
  return write(value, SPACED);
}

/** Text as Flask's `jsonify` writes it: compact, with sorted keys, and a line end. */
export function flaskJson(value: Json): string {
  return `${write(sortKeys(value), COMPACT)}\n`;
}

function sortKeys(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Json) => sortKeys(item));
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, item]) => [key, sortKeys(item)]));
}
