import { randomBytes } from 'node:crypto';

import { SCOPES } from '../../../lib/contract/scopes';
import type { OAuthClient } from './clients/client';
import { isRegisteredRedirect } from './clients/redirect-uri';
import { digest } from './digest';
import { type OAuthSite, findClient } from './oauth-site';
import { readParameters } from './parameters';
import type { Content } from './vault';

/** Longest `state`, in characters: it travels in a cookie. */
const MAX_STATE_LENGTH = 1024;
/** SHA-256 in base64url. @see RFC 7636 section 4.2 */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** Errors that a client is sent back with. @see RFC 6749 section 4.1.2.1, RFC 8707 section 2 */
export type AuthorizationError =
  | 'access_denied'
  | 'invalid_request'
  | 'invalid_target'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unsupported_response_type';

export type AuthorizationRequest =
  /** Nobody can be sent anywhere: the client or its redirect URI is not known. */
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'redirect'; readonly location: string; readonly reason: AuthorizationError }
  | {
      readonly outcome: 'ok';
      readonly client: OAuthClient;
      readonly login: Content<'login'>;
    };

/**
 * Checks an authorization request. The user is sent back to the client only after the client and its
 * redirect URI are known to be right.
 *
 * @param query - as it was sent, without the question mark
 */
export async function readAuthorizationRequest(
  oauth: OAuthSite,
  query: string,
): Promise<AuthorizationRequest> {
  const parameters = readParameters(query);
  if (parameters === undefined) return refused('A parameter is there twice.');
  const get = (name: string) => parameters.get(name);
  const clientId = get('client_id');
  if (clientId === undefined) return refused('The parameter client_id is missing.');
  const client = await findClient(oauth, clientId);
  if (client === undefined) {
    return refused(
      'The program that sent you here is not known, or its description could not be read. ' +
        'Remove the connection in that program and add it again.',
    );
  }
  const redirect = get('redirect_uri');
  if (redirect === undefined || !isRegisteredRedirect(redirect, client.redirects)) {
    return refused('The program wants the answer at an address that it has not registered.');
  }
  const state = get('state') ?? null;
  const back = (error: AuthorizationError, description: string): AuthorizationRequest => ({
    outcome: 'redirect',
    reason: error,
    location: errorRedirect(oauth.urls.issuer, { redirect, state }, error, description),
  });
  if (get('response_type') !== 'code') {
    return back('unsupported_response_type', 'response_type must be code');
  }
  const challenge = get('code_challenge');
  if (get('code_challenge_method') !== 'S256' || !CHALLENGE.test(challenge ?? '')) {
    return back('invalid_request', 'PKCE is required: code_challenge with the method S256');
  }
  const resource = get('resource');
  if (resource !== undefined && !oauth.urls.resources.includes(resource)) {
    return back('invalid_target', 'resource must be the URL of this MCP server');
  }
  if ((state?.length ?? 0) > MAX_STATE_LENGTH) {
    const location = errorRedirect(
      oauth.urls.issuer,
      { redirect, state: null },
      'invalid_request',
      'state is too long',
    );
    return { outcome: 'redirect', reason: 'invalid_request', location };
  }
  return {
    outcome: 'ok',
    client,
    login: {
      csrf: randomBytes(24).toString('base64url'),
      client: digest(clientId),
      clientName: client.name,
      clientHost: client.host,
      clientIsConfigured: client.isConfigured,
      redirect,
      challenge: challenge ?? '',
      state,
      scope: grantable(get('scope'), oauth.scopes).join(' '),
    },
  };
}

/** The part of what was asked for that exists here; reading is always part of it. */
export function grantable(asked: string | undefined, offered: readonly string[]): string[] {
  const wanted = new Set(asked?.split(' '));
  return offered.filter((scope) => scope === SCOPES.read || wanted.has(scope));
}

type Return = Pick<Content<'login'>, 'redirect' | 'state'>;

/** @see RFC 6749 section 4.1.2, RFC 9207 section 2 */
export function codeRedirect(issuer: string, login: Return, code: string): string {
  return redirectWith(issuer, login, { code });
}

/** @see RFC 6749 section 4.1.2.1, RFC 9207 section 2 */
export function errorRedirect(
  issuer: string,
  login: Return,
  error: AuthorizationError,
  description: string,
): string {
  return redirectWith(issuer, login, { error, error_description: description });
}

function redirectWith(
  issuer: string,
  { redirect, state }: Return,
  answer: Record<string, string>,
): string {
  const parameters = new URLSearchParams({
    ...answer,
    ...(state === null ? {} : { state }),
    iss: issuer,
  });
  return `${redirect}${redirect.includes('?') ? '&' : '?'}${parameters.toString()}`;
}

function refused(why: string): AuthorizationRequest {
  return { outcome: 'refused', why };
}
