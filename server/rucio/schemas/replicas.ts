import { z } from 'zod';

import { ByteCount } from './numbers';

/** Row of `POST /replicas/list`: one file. */
export const ReplicaRow = z.object({
  scope: z.string(),
  name: z.string(),
  bytes: ByteCount.nullish(),
  adler32: z.string().nullish(),
  md5: z.string().nullish(),
  /** By access URL. */
  pfns: z
    .record(
      z.string(),
      z.object({
        rse: z.string(),
        type: z.string().nullish(),
        domain: z.string().nullish(),
        priority: z.number().nullish(),
      }),
    )
    .default({}),
  /** State of the replica by RSE. */
  states: z.record(z.string(), z.string()).default({}),
});
export type ReplicaRow = z.output<typeof ReplicaRow>;
