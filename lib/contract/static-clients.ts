import { z } from 'zod';

import { duplicates } from './duplicates';
import { FilePath } from './file-path';
import { isRedirectUri } from './redirect-uri';

/** Start of the ids that registration gives out; no other id may begin with it. */
export const REGISTERED_PREFIX = 'r.';

/** Longest name of a client that is shown, in characters. */
export const MAX_CLIENT_NAME = 80;

/** Shortest secret of a client that the server takes, in characters: 128 bits in hexadecimal. */
export const MIN_CLIENT_SECRET_LENGTH = 32;

/** What a client is called and where its answers go, however it is known. */
export const StaticClientIdentity = z.strictObject({
  clientId: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, {
      error: 'must be 1-128 letters, digits, dots, hyphens or underscores',
    })
    .refine((id) => !id.startsWith(REGISTERED_PREFIX), {
      error: `must not begin with "${REGISTERED_PREFIX}", which registered clients do`,
      params: { fix: 'choose another beginning' },
    })
    .meta({ description: 'What the client sends as client_id', examples: ['grid-portal'] }),
  clientName: z
    .string()
    .regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, {
      error: 'must be text without control characters, and not begin or end with a space',
    })
    .max(MAX_CLIENT_NAME)
    .meta({ description: 'What users are shown', examples: ['Grid portal'] }),
  redirectUris: z
    .array(
      z.string().refine(isRedirectUri, {
        error: 'must be https, http on a loopback address, or of a scheme of its own',
        params: { fix: 'write the address that the client listens at, e.g. https://host/callback' },
      }),
    )
    .min(1)
    .max(8)
    .meta({
      description: 'Where the answer may go, exactly; on a loopback address the port is free',
      examples: [['https://portal.example.org/callback']],
    }),
});

/**
 * A client that the operators know: it neither registers nor publishes a metadata document. Without
 * a secret it is public; PKCE proves in any case that who started a login also ends it.
 *
 * @see RFC 6749 section 2.1, OAuth 2.1 section 7.5
 */
export const StaticClient = StaticClientIdentity.extend({
  secretFile: FilePath.nullable().meta({
    description: 'File with the secrets that the client may prove itself with; null: public client',
  }),
}).meta({ description: 'A client that is known without registration' });
export type StaticClient = z.output<typeof StaticClient>;

/** A list of clients, each with an id of its own. */
export function staticClients<T extends typeof StaticClientIdentity>(client: T) {
  return z
    .array(client)
    .max(64)
    .superRefine((clients, context) => {
      for (const index of duplicates(clients.map(({ clientId }) => clientId))) {
        context.addIssue({
          code: 'custom',
          path: [index, 'clientId'],
          message: 'a client with this id is already in the list',
          params: { fix: 'give it an id of its own, or remove it' },
        });
      }
    })
    .meta({ description: 'Clients that are known without registration, at every site' });
}
