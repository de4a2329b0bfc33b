import type { OAuthEvent, OAuthReason } from '../../../lib/contract/oauth-events';
import { AppError } from '../../errors';
import { digest, sameSecret } from './digest';
import type { OAuthSite } from './oauth-site';
import type { Parameters } from './parameters';
import type { EventDetails } from './record-event';
import type { RucioSession } from '../rucio-session';
import { RENEWABLE_HOURS } from './rucio-login';
import type { Content, Grant, Opened } from './vault';

/** Longest life of an access token, in seconds; never longer than the Rucio session in it. */
const MAX_ACCESS_SECONDS = 3600;
/** A session with less than this is at its end, in seconds. */
const MIN_SESSION_SECONDS = 30;
/** @see RFC 7636 section 4.1 */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

export interface TokenAnswer {
  readonly status: 200 | 400 | 503;
  readonly body: Record<string, unknown>;
  /** What to record. */
  readonly event: OAuthEvent;
  readonly details: EventDetails;
}

/** A request of a client that is known. */
export interface ClientRequest {
  readonly parameters: Parameters;
  readonly clientId: string;
  /** Ends what is asked of Rucio. */
  readonly signal: AbortSignal;
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
    return refused('invalid_grant', 'the code was used before', 400, grant.account);
  }
  const generation = await oauth.grants.rotate(grant.family, 0, endOfFamily(oauth));
  return generation === undefined
    ? refused('invalid_grant', 'the sign-in was withdrawn', 400, grant.account)
    : issue(oauth, grant, generation, 'token_issued');
}

async function refresh(
  oauth: OAuthSite,
  { parameters, clientId, signal }: ClientRequest,
): Promise<TokenAnswer> {
  const token = parameters.get('refresh_token');
  if (token === undefined) return refused('invalid_request', 'refresh_token is missing');
  const opened = await oauth.vault.open('refresh-token', token);
  if (opened === undefined || !isOwner(opened.content, clientId)) {
    return refused('invalid_grant', 'the refresh token is not valid any more');
  }
  const { generation, ...grant } = opened.content;
  const scope = narrowed(grant.scope, parameters.get('scope'));
  if (scope === undefined) return refused('invalid_scope', 'more than was granted');
  if (await oauth.grants.isRevoked(opened.id, grant.family)) {
    return refused('invalid_grant', 'the sign-in was withdrawn', 400, grant.account);
  }
  // Before Rucio hears of it: what is replayed renews no session.
  if (!(await oauth.grants.isCurrent(grant.family, generation))) {
    await oauth.grants.rotate(grant.family, generation, endOfFamily(oauth));
    return replayed(grant.account);
  }
  const session = await renewed(oauth, grant, signal);
  if (session === 'unavailable') {
    return refused('temporarily_unavailable', 'Rucio can not be reached', 503, grant.account);
  }
  if (session === undefined || session.account !== grant.account) {
    return refused('invalid_grant', 'the Rucio session has ended: sign in', 400, grant.account);
  }
  const next = await oauth.grants.rotate(grant.family, generation, endOfFamily(oauth));
  if (next === undefined) return replayed(grant.account);
  const { token: rucio, expiresAt: rucioExp } = session;
  return issue(oauth, { ...grant, rucio, rucioExp }, next, 'token_refreshed', scope);
}

function replayed(account: string): TokenAnswer {
  return refused('invalid_grant', 'the refresh token was used before', 400, account);
}

/** The session as it is now at Rucio, renewed where it can be. */
async function renewed(
  { login, clock }: OAuthSite,
  grant: Grant,
  signal: AbortSignal,
): Promise<RucioSession | undefined | 'unavailable'> {
  const session = { token: grant.rucio, account: grant.account };
  try {
    const now = clock() / 1000;
    const found = grant.renewable
      ? await login.renew(session, signal)
      : await login.validate(session.token, signal);
    return found !== undefined && found.expiresAt - now < MIN_SESSION_SECONDS ? undefined : found;
  } catch (error) {
    if (error instanceof AppError) return 'unavailable';
    throw error;
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
    return refused('invalid_grant', 'the Rucio session has ended: sign in', 400, grant.account);
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
    details: { account: grant.account },
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
  { parameters, clientId }: Pick<ClientRequest, 'parameters' | 'clientId'>,
): Promise<string | undefined> {
  const token = parameters.get('token') ?? '';
  const refreshToken = await oauth.vault.open('refresh-token', token);
  if (refreshToken !== undefined && isOwner(refreshToken.content, clientId)) {
    await oauth.grants.revokeFamily(refreshToken.content.family, endOfFamily(oauth));
    return refreshToken.content.account;
  }
  const access: Opened<'access-token'> | undefined = await oauth.vault.open('access-token', token);
  if (access === undefined || !isOwner(access.content, clientId)) return undefined;
  await oauth.grants.revokeToken(access.id, access.goneAt);
  return access.content.account;
}

function isOwner({ client }: Pick<Grant, 'client'>, clientId: string): boolean {
  return digest(clientId) === client;
}

/** When no refresh token of a login that was used now opens any more. */
function endOfFamily({ clock, vault }: OAuthSite): number {
  return Math.floor(clock() / 1000) + RENEWABLE_HOURS * 3600 + 2 * vault.skewSeconds;
}

/** What is asked for, if it is not more than was granted. */
function narrowed(granted: string, asked: string | undefined): string | undefined {
  if (asked === undefined) return granted;
  const [scopes, wanted] = [granted.split(' '), asked.split(' ')];
  return wanted.every((scope) => scopes.includes(scope)) ? asked : undefined;
}

function refused(
  error: OAuthReason,
  description: string,
  status: TokenAnswer['status'] = 400,
  account?: string,
): TokenAnswer {
  return {
    status,
    body: { error, error_description: description },
    event: 'token_refused',
    details: { reason: error, detail: description, ...(account === undefined ? {} : { account }) },
  };
}
