import { z } from 'zod';

/** A count of bytes: exact, as a string of digits above 2^53. */
export const ByteCount = z.union([z.number(), z.string().regex(/^-?\d+$/)]);
export type ByteCount = z.output<typeof ByteCount>;
