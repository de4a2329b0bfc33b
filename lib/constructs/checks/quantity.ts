const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number of its base unit (cores, bytes).
 *
 * @returns `undefined` when it is not a quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const match = /^\+?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+)|(m|k|Ki|[MGTPE]i?))?$/.exec(text);
  if (match === null) return undefined;
  const [, number, exponent, suffix = ''] = match;
  if (exponent !== undefined) return Number(`${number ?? ''}e${exponent}`);
  return Number(number) * (SUFFIXES[suffix] ?? Number.NaN);
}
