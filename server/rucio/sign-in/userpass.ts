import type { RucioHttp } from '../http';
import { type CredentialFile, readHeaderValue } from './credential-file';
import { type LoginContext, openSession } from './open-session';
import type { RobotLogin } from './robot-login';

export interface UserpassOptions extends LoginContext {
  /** HTTP to the site's authentication server. */
  readonly http: RucioHttp;
  readonly username: CredentialFile;
  readonly password: CredentialFile;
}

/**
 * Signs in with a user name and a password.
 *
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html (GET /auth/userpass)
 */
export function userpassLogin({ username, password, ...context }: UserpassOptions): RobotLogin {
  const credentials = async () => ({
    'x-rucio-username': await readHeaderValue(username),
    'x-rucio-password': await readHeaderValue(password),
  });
  return {
    check: async () => {
      await credentials();
      return {};
    },
    login: async () =>
      openSession({
        ...context,
        segments: ['auth', 'userpass'],
        headers: await credentials(),
        credential: 'the user name and the password',
      }),
  };
}
