import { z } from 'zod';

/** Answer of `GET /ping`. */
export const Ping = z.object({ version: z.string() });
export type Ping = z.output<typeof Ping>;
