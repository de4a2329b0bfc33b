import { z } from 'zod';

/** A count of bytes: exact, as a string of digits above 2^53; infinite for "no limit". */
export const ByteCount = z.union([
  z.number(),
  // `z.number()` takes finite ones only.
  z.literal([Infinity, -Infinity]),
  z.string().regex(/^-?\d+$/),
]);
export type ByteCount = z.output<typeof ByteCount>;
