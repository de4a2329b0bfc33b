/**
 * Sum of the samples of a metric in a text of `/metrics`; those that have these labels, if any are
 * given.
 *
 * @throws {Error} when there is none
 */
export function metricValue(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const values = [...text.matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm'))]
    .filter(([, given = '']) => wanted.every((label) => given.includes(label)))
    .map(([, , value]) => Number(value));
  if (values.length === 0) throw new Error(`there is no ${name} ${wanted.join(', ')}`);
  return values.reduce((sum, value) => sum + value, 0);
}
