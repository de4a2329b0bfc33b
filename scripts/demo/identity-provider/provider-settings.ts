import { z } from 'zod';

/** What the identity provider of the demo is told on its standard input, as one line of JSON. */
export const ProviderSettings = z.strictObject({
  /** The Rucio server that signs its users in here. */
  client: z.strictObject({
    id: z.string().min(1),
    secret: z.string().min(16),
    redirectUri: z.url(),
  }),
  /** Who can be chosen on the sign-in page. */
  people: z
    .array(
      z.strictObject({
        subject: z.string().min(1),
        name: z.string().min(1),
        /** Shown below the name. */
        note: z.string(),
      }),
    )
    .min(1),
});
export type ProviderSettings = z.output<typeof ProviderSettings>;
