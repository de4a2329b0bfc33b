import { ConfigError } from '../../lib/contract/issues';
import type { RobotCredentials, ServerAuth } from '../../lib/contract/server-document';
import { SecretFile } from '../secret-file';
import type { RucioHttp } from './http';
import { type SessionDeps, SharedSession, type TokenSource } from './session';
import { loginUserpass } from './userpass';

/** The robot of `sharedSecret` mode: which account, and how it signs in. */
export type Robot = Pick<Extract<ServerAuth, { mode: 'sharedSecret' }>, 'account' | 'credentials'>;

export interface TokenSourceDeps extends SessionDeps {
  /** HTTP to the site's authentication server. */
  readonly authHttp: RucioHttp;
  readonly onSecretReload?: SecretReload;
}

/** Told when a secret file was read again; `secret` is what it holds, not its path. */
export type SecretReload = (
  secret: 'rucio-username' | 'rucio-password',
  outcome: 'ok' | 'error',
) => void;

/**
 * The robot's session, shared by all callers.
 *
 * @throws {ConfigError} for an authentication type that this version can not use
 */
export function createTokenSource(
  { account, credentials }: Robot,
  deps: TokenSourceDeps,
): TokenSource {
  switch (credentials.type) {
    case 'userpass': {
      const clock = deps.clock ?? Date.now;
      const file = (path: string, secret: Parameters<SecretReload>[0]) =>
        new SecretFile(path, {
          clock,
          onReload: (outcome) => deps.onSecretReload?.(secret, outcome),
        });
      const username = file(credentials.usernameFile, 'rucio-username');
      const password = file(credentials.passwordFile, 'rucio-password');
      return new SharedSession(
        () => loginUserpass({ http: deps.authHttp, account, username, password, clock }),
        deps,
      );
    }
    case 'x509':
    case 'x509_proxy':
    case 'ssh':
    case 'gss':
    case 'saml':
    case 'oidc':
      throw unsupported(credentials.type);
  }
}

function unsupported(type: RobotCredentials['type']): ConfigError {
  return new ConfigError(
    [
      {
        path: ['auth', 'credentials', 'type'],
        message: `this version of the server can not sign in at Rucio with ${type}`,
        expected: 'userpass',
        fix: 'set auth.sharedSecret.authType to userpass and name a Secret with both keys',
      },
    ],
    'the server document',
  );
}
