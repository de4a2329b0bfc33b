/**
 * What can happen while users sign in, each with what it means. Every event is counted, and all but
 * the steps on the way are a line of the audit log; an event that is not here does not exist.
 */
export const OAUTH_EVENTS = {
  login_started: 'A client has sent its user to the consent page.',
  login_consented: 'The user has agreed, and goes on to Rucio.',
  login_signed_in: 'Rucio has told who signed in.',
  login_completed: 'The client gets a code for this account.',
  login_refused: 'A login has ended otherwise.',
  client_registered: 'A client has registered.',
  registration_refused: 'A registration was refused.',
  token_issued: 'A client has got tokens for a code.',
  token_refreshed: 'A client has got new tokens for a refresh token.',
  token_refused: 'A client has got no tokens.',
  token_revoked: 'A client has withdrawn a token.',
} as const;
export type OAuthEvent = keyof typeof OAUTH_EVENTS;

/** Events that are steps of a login, and no audit lines. */
export const COUNTED_ONLY: readonly OAuthEvent[] = [
  'login_started',
  'login_consented',
  'login_signed_in',
];

/**
 * Why something was refused: the error codes of OAuth, and `none` for what succeeded.
 *
 * @see RFC 6749 sections 4.1.2.1 and 5.2, RFC 7591 section 3.2.2, RFC 8707 section 2
 */
export const OAUTH_REASONS = [
  'none',
  'access_denied',
  'foreign_browser',
  'invalid_client',
  'invalid_client_metadata',
  'invalid_grant',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'server_error',
  'temporarily_unavailable',
  'unsupported_grant_type',
  'unsupported_response_type',
] as const;
export type OAuthReason = (typeof OAUTH_REASONS)[number];
