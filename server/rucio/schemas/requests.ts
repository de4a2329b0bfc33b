import { z } from 'zod';

import { Count, Text } from './fields';
import { ByteCount } from './numbers';

/** A transfer request, as lists and `GET /requests/{scope}/{name}/{rse}` have it. */
export const RequestRow = z.object({
  id: z.string(),
  scope: z.string(),
  name: z.string(),
  state: Text,
  request_type: Text,
  bytes: ByteCount.nullish(),
  source_rse: Text,
  dest_rse: Text,
  account: Text,
  activity: Text,
  rule_id: Text,
  priority: Count,
  retry_count: Count,
  err_msg: Text,
  external_id: Text,
  external_host: Text,
  transfertool: Text,
  requested_at: Text,
  submitted_at: Text,
  started_at: Text,
  transferred_at: Text,
  estimated_at: Text,
  created_at: Text,
  updated_at: Text,
});
export type RequestRow = z.output<typeof RequestRow>;

/** Row of `GET /requests/transfer_limits`. */
export const TransferLimitRow = z.object({
  rse_expression: Text,
  activity: Text,
  direction: Text,
  max_transfers: Count,
  transfers: Count,
  waitings: Count,
  volume: ByteCount.nullish(),
  deadline: Count,
  strategy: Text,
  updated_at: Text,
});
export type TransferLimitRow = z.output<typeof TransferLimitRow>;
