import { z } from 'zod';

import { Count, Flag, Text } from './fields';

/** A JSON text, or what it stands for. */
const Embedded = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]);

/** Row of `GET /subscriptions/…`. */
export const SubscriptionRow = z.object({
  id: z.string(),
  name: z.string(),
  account: z.string(),
  state: Text,
  /** The priority; smaller goes first. */
  policyid: Count,
  filter: Embedded.nullish(),
  replication_rules: Embedded.nullish(),
  comments: Text,
  lifetime: Text,
  retroactive: Flag,
  last_processed: Text,
  expired_at: Text,
  created_at: Text,
  updated_at: Text,
});
export type SubscriptionRow = z.output<typeof SubscriptionRow>;
