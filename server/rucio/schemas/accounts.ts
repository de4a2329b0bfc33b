import { z } from 'zod';

import { Count, Text } from './fields';
import { ByteCount } from './numbers';

/** Answer of `GET /accounts/{account}`. Its dates are ISO 8601 without a zone and mean UTC. */
export const Account = z.object({
  account: z.string(),
  account_type: Text,
  status: Text,
  email: Text,
  created_at: Text,
  updated_at: Text,
  suspended_at: Text,
  deleted_at: Text,
});
export type Account = z.output<typeof Account>;

/** Row of `GET /accounts`. */
export const AccountRow = z.object({ account: z.string(), type: Text, email: Text });
export type AccountRow = z.output<typeof AccountRow>;

/** Row of `GET /accounts/{account}/usage/local`. Limits may be infinite. */
export const LocalUsageRow = z.object({
  rse: z.string(),
  bytes: ByteCount.nullish(),
  files: Count,
  bytes_limit: ByteCount.nullish(),
  bytes_remaining: ByteCount.nullish(),
});
export type LocalUsageRow = z.output<typeof LocalUsageRow>;

/** Answer of `GET /accounts/{account}/attr/`. */
export const AccountAttributes = z.array(z.object({ key: z.string() }));
export type AccountAttributes = z.output<typeof AccountAttributes>;

/** Row of `GET /accounts/{account}/usage/global`. */
export const GlobalUsageRow = z.object({
  rse_expression: z.string(),
  bytes: ByteCount.nullish(),
  files: Count,
  bytes_limit: ByteCount.nullish(),
  bytes_remaining: ByteCount.nullish(),
});
export type GlobalUsageRow = z.output<typeof GlobalUsageRow>;

/** Answer of `GET /accounts/{account}/limits/local`: bytes by RSE; null: no limit is set. */
export const LocalLimits = z.record(z.string(), ByteCount.nullable());
export type LocalLimits = z.output<typeof LocalLimits>;

/** Answer of `GET /accounts/{account}/limits/global`, by RSE expression. */
export const GlobalLimits = z.record(
  z.string(),
  z.object({
    resolved_rses: z.array(z.string()).default([]),
    limit: ByteCount.nullish(),
  }),
);
export type GlobalLimits = z.output<typeof GlobalLimits>;
