import { z } from 'zod';

import { Count, Text } from './fields';
import { ByteCount } from './numbers';

/** Row of `POST /replicas/list`: one file. */
export const ReplicaRow = z.object({
  scope: z.string(),
  name: z.string(),
  bytes: ByteCount.nullish(),
  adler32: Text,
  md5: Text,
  /** By access URL. */
  pfns: z
    .record(
      z.string(),
      z.object({
        rse: z.string(),
        type: Text,
        domain: Text,
        priority: Count,
      }),
    )
    .default({}),
  /** State of the replica by RSE. */
  states: z.record(z.string(), z.string()).default({}),
  /** `scope:name` of the datasets that have the file; only when they were asked for. */
  parents: z.array(z.string()).nullish(),
});
export type ReplicaRow = z.output<typeof ReplicaRow>;

/** Row of `GET /replicas/{scope}/{name}/datasets` and `POST /replicas/datasets_bulk`. */
export const DatasetReplicaRow = z.object({
  scope: z.string(),
  name: z.string(),
  rse: z.string(),
  bytes: ByteCount.nullish(),
  length: Count,
  available_bytes: ByteCount.nullish(),
  available_length: Count,
  state: Text,
  created_at: Text,
  updated_at: Text,
  accessed_at: Text,
});
export type DatasetReplicaRow = z.output<typeof DatasetReplicaRow>;

/** `GET /replicas/suspicious`: how often a replica was declared so since a date. */
export const SuspiciousReplicas = z.array(
  z.object({
    scope: z.string(),
    name: z.string(),
    rse: z.string(),
    cnt: z.number(),
  }),
);
export type SuspiciousReplicas = z.output<typeof SuspiciousReplicas>;

/** Row of `POST /replicas/dids`: the DID by access URL. */
export const PfnRow = z.record(z.string(), z.object({ scope: z.string(), name: z.string() }));
export type PfnRow = z.output<typeof PfnRow>;
