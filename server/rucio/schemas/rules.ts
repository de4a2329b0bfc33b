import { z } from 'zod';

import { ByteCount } from './numbers';

/** Row of `GET /dids/{scope}/{name}/rules`. */
export const RuleRow = z.object({
  id: z.string(),
  scope: z.string(),
  name: z.string(),
  did_type: z.string().nullish(),
  account: z.string().nullish(),
  state: z.string(),
  error: z.string().nullish(),
  rse_expression: z.string(),
  copies: z.number().nullish(),
  locks_ok_cnt: z.number().nullish(),
  locks_replicating_cnt: z.number().nullish(),
  locks_stuck_cnt: z.number().nullish(),
  bytes: ByteCount.nullish(),
  created_at: z.string().nullish(),
  expires_at: z.string().nullish(),
});
export type RuleRow = z.output<typeof RuleRow>;
