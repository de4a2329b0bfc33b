import { z } from 'zod';

/** Fields that may be null, or missing in answers of other Rucio versions. */
export const Text = z.string().nullish();
export const Flag = z.boolean().nullish();
export const Count = z.number().nullish();
