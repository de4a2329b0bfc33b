import type { Values } from '../contract/values/values';
import type { ResourceRequirements } from './kubernetes-shapes';

/** Quantities as text: `cpu: 1` and `cpu: "1"` are the same manifest. Empty maps are left out. */
export function textQuantities(given: Values['resources']): ResourceRequirements {
  const entries = Object.entries(given)
    .map(([kind, quantities]) => [
      kind,
      Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, String(value)])),
    ])
    .filter(([, quantities]) => Object.keys(quantities as object).length > 0);
  return Object.fromEntries(entries) as ResourceRequirements;
}
