import { z } from 'zod';

/** Answer of `GET /accounts/{account}`. */
export const Account = z.object({
  account: z.string(),
  account_type: z.string().nullish(),
  status: z.string().nullish(),
  email: z.string().nullish(),
  created_at: z.string().nullish(),
});
export type Account = z.output<typeof Account>;
