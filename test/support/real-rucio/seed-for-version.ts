import type { Seed } from '../../../server/demo/seed';
import { isBefore } from './versions';

/** The first release that takes and tells transfer limits over REST. */
export const TRANSFER_LIMITS_SINCE = '37.4';

/** The data of the demo, as far as a version of Rucio can hold it. */
export function seedForVersion(seed: Seed, version: string): Seed {
  return isBefore(version, TRANSFER_LIMITS_SINCE) ? { ...seed, transferLimits: [] } : seed;
}
