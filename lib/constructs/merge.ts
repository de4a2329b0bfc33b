/**
 * One object of Kubernetes laid over another: maps are merged, all else is replaced. So
 * `capabilities: {add: [...]}` keeps `drop: [ALL]`.
 */
export function mergeObjects<T extends object>(below: T, above: object): T {
  const result = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(above as Record<string, unknown>)) {
    const before = result.get(key);
    result.set(key, isMap(before) && isMap(value) ? mergeObjects(before, value) : value);
  }
  return Object.fromEntries(result) as T;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
