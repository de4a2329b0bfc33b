import type { Seed } from '../../../server/demo/seed';
import { majorOf } from './versions';

/** The first version that tells transfer limits over REST. */
export const TRANSFER_LIMITS_SINCE = 38;

/** The data of the demo, as far as a version of Rucio can hold it. */
export function seedForVersion(seed: Seed, version: string): Seed {
  return majorOf(version) < TRANSFER_LIMITS_SINCE ? { ...seed, transferLimits: [] } : seed;
}
