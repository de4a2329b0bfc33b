import { z } from 'zod';

import { ByteCount } from './numbers';

/** Row of `GET /dids/{scope}/dids/search?long=True`. */
export const DidRow = z.object({
  scope: z.string(),
  name: z.string(),
  did_type: z.string().nullish(),
  bytes: ByteCount.nullish(),
  length: z.number().nullish(),
});
export type DidRow = z.output<typeof DidRow>;

/** Answer of `GET /dids/{scope}/{name}/status`; the lower fields are those of one type only. */
export const DidStatus = z.object({
  scope: z.string(),
  name: z.string(),
  type: z.string(),
  account: z.string().nullish(),
  bytes: ByteCount.nullish(),
  length: z.number().nullish(),
  open: z.boolean().nullish(),
  monotonic: z.boolean().nullish(),
  expired_at: z.string().nullish(),
  md5: z.string().nullish(),
  adler32: z.string().nullish(),
});
export type DidStatus = z.output<typeof DidStatus>;
