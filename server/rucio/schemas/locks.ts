import { z } from 'zod';

import { Count, Text } from './fields';
import { ByteCount } from './numbers';

/** Row of `GET /locks/…?did_type=dataset`: what one rule holds of a dataset at one RSE. */
export const DatasetLockRow = z.object({
  scope: z.string(),
  name: z.string(),
  rse: z.string(),
  rule_id: Text,
  account: Text,
  state: Text,
  length: Count,
  bytes: ByteCount.nullish(),
  accessed_at: Text,
});
export type DatasetLockRow = z.output<typeof DatasetLockRow>;
