/** A field for an object literal, or nothing where there is nothing to say. */
export function nonEmpty<K extends string, V extends object>(key: K, value: V): { [P in K]?: V } {
  const entry: { [P in K]?: V } = {};
  if (Object.keys(value).length > 0) entry[key] = value;
  return entry;
}
