import type { Seed } from '../../../server/demo/seed';
import { majorOf } from './versions';

/** The first version whose generic schema takes `/` in names, and with transfer limits over REST. */
const SLASHES_AND_LIMITS = 38;

/** The data of the demo, as far as a version of Rucio can hold it. */
export function seedForVersion(seed: Seed, version: string): Seed {
  if (majorOf(version) >= SLASHES_AND_LIMITS) return seed;
  const isPlain = ({ name }: { name: string }) => !name.includes('/');
  return {
    ...seed,
    files: seed.files.filter(isPlain),
    replicas: seed.replicas.filter(isPlain),
    rules: seed.rules.filter(isPlain),
    collections: seed.collections.filter(isPlain).map((collection) => ({
      ...collection,
      children: collection.children.filter((name) => isPlain({ name })),
    })),
    transferLimits: [],
  };
}
