import type { OAuthEvent, OAuthReason } from '../../../lib/contract/oauth-events';
import { digest, sameSecret } from './digest';
import type { OAuthSite } from './oauth-site';
import type { Parameters } from './parameters';
import type { EventDetails } from './record-event';
import { endOfFamily } from './renewals';
import { RENEWABLE_HOURS } from './rucio-login';
import type { Content, Grant, Opened } from './vault';

/** Longest life of an access token, in seconds; never longer than the Rucio session in it. */
const MAX_ACCESS_SECONDS = 3600;
/** When to try again while another request renews the login, in seconds. */
const BUSY_SECONDS = 1;
/** When to try again where Rucio does not answer, in seconds. */
const RUCIO_RETRY_SECONDS = 30;
/** @see RFC 7636 section 4.1 */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

export interface TokenAnswer {
  readonly status: 200 | 400 | 503;
  readonly body: Record<string, unknown>;
  readonly retryAfterSeconds?: number;
  /** What to record. */
  readonly event: OAuthEvent;
  readonly details: EventDetails;
}

/** A request of a client that is known. */
export interface ClientRequest {
  readonly parameters: Parameters;
  readonly clientId: string;
}

/**
 * Answers a request for tokens.
 *
 * @see RFC 6749 section 3.2, OAuth 2.1 sections 4.1.3 and 4.3
 */
export async function answerTokenRequest(
  oauth: OAuthSite,
  request: ClientRequest,
): Promise<TokenAnswer> {
  const { parameters } = request;
  const resource = parameters.get('resource');
  if (resource !== undefined && !oauth.urls.resources.includes(resource)) {
    return refused('invalid_target', 'resource must be the URL of this MCP server');
  }
  switch (parameters.get('grant_type')) {
    case 'authorization_code':
      return redeemCode(oauth, request);
    case 'refresh_token':
      return refresh(oauth, request);
    case undefined:
      return refused('invalid_request', 'grant_type is missing');
    default:
      return refused('unsupported_grant_type', 'use authorization_code or refresh_token');
  }
}

async function redeemCode(
  oauth: OAuthSite,
  { parameters, clientId }: ClientRequest,
): Promise<TokenAnswer> {
  const code = parameters.get('code');
  const verifier = parameters.get('code_verifier');
  if (code === undefined || verifier === undefined) {
    return refused('invalid_request', 'code and code_verifier are required');
  }
  const opened = await oauth.vault.open('authorization-code', code);
  if (opened === undefined) return refused('invalid_grant', 'the code is not valid any more');
  const { redirect, challenge, ...grant } = opened.content;
  // Nothing of this uses the code up: a thief's wrong attempt must not lock the client out.
  const fits =
    isOwner(grant, clientId) &&
    parameters.get('redirect_uri') === redirect &&
    VERIFIER.test(verifier) &&
    sameSecret(digest(verifier), challenge);
  if (!fits) return refused('invalid_grant', 'client, redirect_uri or code_verifier do not fit');
  if (!(await oauth.grants.useCode(opened.id, opened.goneAt))) {
    // Somebody has it who should not: what it led to is worth nothing from now on.
    await oauth.grants.revokeFamily(grant.family, endOfFamily(oauth));
    return refused('invalid_grant', 'the code was used before', grant);
  }
  const generation = await oauth.grants.rotate(grant.family, 0, endOfFamily(oauth));
  return generation === undefined
    ? refused('invalid_grant', 'the sign-in was withdrawn', grant)
    : issue(oauth, grant, generation, 'token_issued');
}

async function refresh(
  oauth: OAuthSite,
  { parameters, clientId }: ClientRequest,
): Promise<TokenAnswer> {
  const token = parameters.get('refresh_token');
  if (token === undefined) return refused('invalid_request', 'refresh_token is missing');
  const opened = await oauth.vault.open('refresh-token', token);
  if (opened === undefined || !isOwner(opened.content, clientId)) {
    return refused('invalid_grant', 'the refresh token is not valid any more');
  }
  const grant = opened.content;
  const scope = narrowed(grant.scope, parameters.get('scope'));
  if (scope === undefined) return refused('invalid_scope', 'more than was granted', grant);
  if (await oauth.grants.isRevoked(opened.id, grant.family)) {
    return refused('invalid_grant', 'the sign-in was withdrawn', grant);
  }
  const renewal = await oauth.renewals.renew(oauth, opened);
  switch (renewal.outcome) {
    case 'renewed': {
      const { session, generation } = renewal;
      const { token: rucio, expiresAt: rucioExp } = session;
      return issue(oauth, { ...grant, rucio, rucioExp }, generation, 'token_refreshed', scope);
    }
    case 'ended':
      return refused('invalid_grant', 'the Rucio session has ended: sign in', grant);
    case 'replayed':
      return refused('invalid_grant', 'the refresh token was used before', grant);
    case 'busy':
      return later('the refresh token is being used by another request', BUSY_SECONDS, grant);
    case 'unavailable':
      return later('Rucio can not be reached', RUCIO_RETRY_SECONDS, grant);
  }
}

async function issue(
  oauth: OAuthSite,
  grant: Grant,
  generation: number,
  event: OAuthEvent,
  scope = grant.scope,
): Promise<TokenAnswer> {
  const now = Math.floor(oauth.clock() / 1000);
  const sessionSeconds = grant.rucioExp - now;
  if (sessionSeconds <= 0) {
    return refused('invalid_grant', 'the Rucio session has ended: sign in', grant);
  }
  const ttlSeconds = Math.min(MAX_ACCESS_SECONDS, sessionSeconds);
  const refreshSeconds = grant.renewable ? RENEWABLE_HOURS * 3600 : sessionSeconds;
  const content: Content<'refresh-token'> = { ...grant, generation };
  return {
    status: 200,
    body: {
      access_token: await oauth.vault.seal('access-token', { ...grant, scope }, { ttlSeconds }),
      token_type: 'Bearer',
      expires_in: ttlSeconds,
      scope,
      refresh_token: await oauth.vault.seal('refresh-token', content, {
        ttlSeconds: refreshSeconds,
      }),
    },
    event,
    details: detailsOf(grant),
  };
}

/**
 * Withdraws a token. A refresh token takes its whole family with it. What is not a token of this
 * client is accepted silently.
 *
 * @see RFC 7009 section 2
 */
export async function revoke(
  oauth: OAuthSite,
  { parameters, clientId }: ClientRequest,
): Promise<EventDetails | undefined> {
  const token = parameters.get('token') ?? '';
  const refreshToken = await oauth.vault.open('refresh-token', token);
  if (refreshToken !== undefined && isOwner(refreshToken.content, clientId)) {
    await oauth.grants.revokeFamily(refreshToken.content.family, endOfFamily(oauth));
    return detailsOf(refreshToken.content);
  }
  const access: Opened<'access-token'> | undefined = await oauth.vault.open('access-token', token);
  if (access === undefined || !isOwner(access.content, clientId)) return undefined;
  await oauth.grants.revokeToken(access.id, access.goneAt);
  return detailsOf(access.content);
}

function isOwner({ client }: Pick<Grant, 'client'>, clientId: string): boolean {
  return digest(clientId) === client;
}

/** What is asked for, if it is not more than was granted. */
function narrowed(granted: string, asked: string | undefined): string | undefined {
  if (asked === undefined) return granted;
  const [scopes, wanted] = [granted.split(' '), asked.split(' ')];
  return wanted.every((scope) => scopes.includes(scope)) ? asked : undefined;
}

/** Whom an event is about, as far as the tokens tell. */
function detailsOf({ account, clientName }: Pick<Grant, 'account' | 'clientName'>): EventDetails {
  return { account, ...(clientName === '' ? {} : { client: clientName }) };
}

function refused(error: OAuthReason, description: string, grant?: Grant): TokenAnswer {
  return {
    status: 400,
    body: { error, error_description: description },
    event: 'token_refused',
    details: {
      reason: error,
      detail: description,
      ...(grant === undefined ? {} : detailsOf(grant)),
    },
  };
}

/** Nothing is used up. */
function later(description: string, retryAfterSeconds: number, grant: Grant): TokenAnswer {
  const answer = refused('temporarily_unavailable', description, grant);
  return { ...answer, status: 503, retryAfterSeconds };
}
