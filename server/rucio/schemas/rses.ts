import { z } from 'zod';

import { Count, Flag, Text } from './fields';
import { ByteCount } from './numbers';

/** Row of `GET /rses/`; with an expression Rucio tells the name only. */
export const RseRow = z.object({
  rse: z.string(),
  rse_type: Text,
  deterministic: Flag,
  volatile: Flag,
  staging_area: Flag,
  city: Text,
  region_code: Text,
  country_name: Text,
  availability_read: Flag,
  availability_write: Flag,
  availability_delete: Flag,
  deleted: Flag,
});
export type RseRow = z.output<typeof RseRow>;

const Ranks = z.record(z.string(), Count);

/** Row of `GET /rses/{rse}/protocols`. In `domains`, 0 or null means not supported, 1 is tried first. */
export const RseProtocol = z.object({
  scheme: z.string(),
  hostname: Text,
  port: Count,
  prefix: Text,
  impl: Text,
  domains: z.object({ lan: Ranks.nullish(), wan: Ranks.nullish() }).nullish(),
});
export type RseProtocol = z.output<typeof RseProtocol>;
export const RseProtocols = z.array(RseProtocol);

/** Answer of `GET /rses/{rse}`. */
export const Rse = z.object({
  rse: z.string(),
  rse_type: Text,
  deterministic: Flag,
  volatile: Flag,
  staging_area: Flag,
  availability_read: Flag,
  availability_write: Flag,
  availability_delete: Flag,
  domain: z.array(z.string()).nullish(),
  lfn2pfn_algorithm: Text,
  qos_class: Text,
  sign_url: Text,
  verify_checksum: Flag,
  protocols: RseProtocols.nullish(),
});
export type Rse = z.output<typeof Rse>;

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Answer of `GET /rses/{rse}/attr/`. The RSE's own name is one of the keys. */
export const RseAttributes = z.record(z.string(), Scalar);
export type RseAttributes = z.output<typeof RseAttributes>;

/** Row of `GET /rses/{rse}/usage`: one source of figures; `rucio` is what Rucio counts itself. */
export const RseUsageRow = z.object({
  rse: Text,
  source: z.string(),
  used: ByteCount.nullish(),
  free: ByteCount.nullish(),
  total: ByteCount.nullish(),
  files: Count,
  updated_at: Text,
  /** Only where it was asked for, and with the source `rucio`. */
  account_usages: z
    .array(z.object({ account: z.string(), used: ByteCount.nullish(), percentage: Count }))
    .nullish(),
});
export type RseUsageRow = z.output<typeof RseUsageRow>;

/** Row of `GET /rses/{rse}/accounts/usage`. */
export const RseAccountUsageRow = z.object({
  account: z.string(),
  used_files: Count,
  used_bytes: ByteCount.nullish(),
  quota_bytes: ByteCount.nullish(),
});
export type RseAccountUsageRow = z.output<typeof RseAccountUsageRow>;

/** Answer of `GET /rses/{rse}/limits`: bytes by the limit's name, e.g. `MinFreeSpace`. */
export const RseLimits = z.record(z.string(), ByteCount.nullable());
export type RseLimits = z.output<typeof RseLimits>;

/** Answer of `GET /rses/{source}/distances/{destination}`; empty when none is set. */
export const RseDistances = z.array(
  z.object({
    src_rse: Text,
    dest_rse: Text,
    distance: Count,
    ranking: Count,
    updated_at: Text,
  }),
);
export type RseDistances = z.output<typeof RseDistances>;
