import { z } from 'zod';

import { isRedirectUri } from '../../../../lib/contract/redirect-uri';
import { MAX_CLIENT_NAME, REGISTERED_PREFIX } from '../../../../lib/contract/static-clients';
import { cleanMessage } from '../../../rucio/untrusted-text';
import type { Vault } from '../vault';
import type { OAuthClient } from './client';

/** Longest id: it travels in every authorization request. In characters. */
const MAX_ID_LENGTH = 2048;
const MAX_REDIRECTS = 8;
const DEFAULT_NAME = 'a program without a name';

const Metadata = z.object({
  redirect_uris: z.array(z.string()).min(1).max(MAX_REDIRECTS),
  client_name: z.string().max(1000).optional(),
  client_uri: z.string().max(1000).optional(),
  grant_types: z.array(z.string()).max(16).optional(),
  response_types: z.array(z.string()).max(16).optional(),
});

export type Registered =
  | { readonly ok: true; readonly name: string; readonly answer: Record<string, unknown> }
  | {
      readonly ok: false;
      readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata';
      readonly description: string;
    };

/**
 * Registers a client without keeping anything: its id is what it registered, sealed. So it is valid
 * at every replica and after every restart, for as long as the key is.
 *
 * @param issuedAt - in seconds since the epoch
 * @see RFC 7591 section 3
 */
export async function registerClient(
  vault: Vault,
  metadata: unknown,
  issuedAt: number,
): Promise<Registered> {
  const parsed = Metadata.safeParse(metadata);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path[0];
    return at === 'redirect_uris'
      ? refused('invalid_redirect_uri', `redirect_uris must be 1-${MAX_REDIRECTS} texts`)
      : refused('invalid_client_metadata', `${String(at ?? 'the body')} is not as it should be`);
  }
  const { redirect_uris: redirects, client_name: given, grant_types, response_types } = parsed.data;
  if (!redirects.every(isRedirectUri)) {
    return refused(
      'invalid_redirect_uri',
      'redirect URIs must be https, http on a loopback address, or of a scheme of your own',
    );
  }
  if (grant_types?.includes('authorization_code') === false) {
    return refused('invalid_client_metadata', 'grant_types must contain authorization_code');
  }
  if (response_types?.includes('code') === false) {
    return refused('invalid_client_metadata', 'response_types must contain code');
  }
  const name = cleanName(given);
  const id = REGISTERED_PREFIX + (await vault.seal('client', { name, redirects }));
  if (id.length > MAX_ID_LENGTH) {
    return refused('invalid_client_metadata', 'name and redirect URIs are too long');
  }
  return {
    ok: true,
    name,
    answer: {
      client_id: id,
      client_id_issued_at: issuedAt,
      ...(given === undefined ? {} : { client_name: name }),
      redirect_uris: redirects,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  };
}

/** The client that an id of {@link registerClient} stands for. */
export async function registeredClient(vault: Vault, id: string): Promise<OAuthClient | undefined> {
  if (!id.startsWith(REGISTERED_PREFIX) || id.length > MAX_ID_LENGTH) return undefined;
  const opened = await vault.open('client', id.slice(REGISTERED_PREFIX.length));
  if (opened === undefined) return undefined;
  return {
    id,
    name: opened.content.name,
    host: null,
    isConfigured: false,
    redirects: opened.content.redirects,
  };
}

/** A name as it may stand on a page of ours. */
export function cleanName(name: string | undefined): string {
  const clean = cleanMessage(name ?? '');
  if (clean === '') return DEFAULT_NAME;
  return clean.length > MAX_CLIENT_NAME ? `${clean.slice(0, MAX_CLIENT_NAME - 1)}…` : clean;
}

function refused(
  error: Extract<Registered, { ok: false }>['error'],
  description: string,
): Registered {
  return { ok: false, error, description };
}
