import type { Plan } from '../../contract/plan';

export function checkManifests(_manifests: readonly unknown[], _plan: Plan): string[] {
  return [];
}
