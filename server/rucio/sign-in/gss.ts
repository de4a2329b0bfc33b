import { AppError } from '../../errors';
import type { RucioError } from '../errors';
import type { RucioHttp } from '../http';
import type { Session } from '../session';
import type { CredentialFile } from './credential-file';
import { type KerberosOwner, kerberosProblem } from './kerberos-problem';
import {
  type KerberosEnvironment,
  KerberosError,
  checkKerberosCommand,
  kerberosToken,
} from './kerberos-token';
import { checkKeytab } from './keytab';
import { type LoginContext, openSession } from './open-session';
import type { RobotLogin } from './robot-login';

/** What every sign-in by Kerberos needs. */
export interface KerberosContext extends LoginContext {
  /** HTTP to the site's authentication server. */
  readonly http: RucioHttp;
  readonly environment: KerberosEnvironment;
  /** Longest wait for the KDC, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends a wait for the KDC at once. */
  readonly closing?: AbortSignal | undefined;
}

export interface GssOptions extends KerberosContext {
  /** The robot: `robot@EXAMPLE.ORG`. */
  readonly principal: string;
  readonly keytab: CredentialFile;
  /** `krb5.conf`; undefined: that of the system, or else DNS. */
  readonly krb5Conf: CredentialFile | undefined;
}

/**
 * Signs in by Kerberos with a keytab (SPNEGO, RFC 4559). Each login gets tickets of its own, which are
 * kept in memory only: there is about one an hour, and a rotated keytab is used at once.
 *
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html (GET /auth/gss)
 */
export function gssLogin({ principal, keytab, krb5Conf, ...context }: GssOptions): RobotLogin {
  const environment: KerberosEnvironment = {
    ...context.environment,
    ...(krb5Conf === undefined ? {} : { KRB5_CONFIG: krb5Conf.path }),
    // A client keytab is one that the library gets tickets with by itself.
    KRB5_CLIENT_KTNAME: `FILE:${keytab.path}`,
    KRB5CCNAME: 'MEMORY:',
    // A .k5identity there would choose another principal.
    HOME: '/nonexistent',
  };
  const check = async () => {
    await checkKeytab(keytab, principal);
    await krb5Conf?.read();
  };
  return {
    check: async () => {
      await check();
      await checkKerberosCommand(environment, {
        subject: 'the server document',
        path: ['auth', 'credentials', 'type'],
      });
      return {};
    },
    login: async () => {
      await check();
      return openKerberosSession({ ...context, environment }, 'robot');
    },
  };
}

/**
 * Opens a session with what Kerberos has: the tickets of the environment, or its client keytab.
 *
 * @throws {AppError} LOGIN or RUCIO_DOWN
 */
export async function openKerberosSession(
  { environment, timeoutMs, closing, ...context }: KerberosContext,
  owner: KerberosOwner,
): Promise<Session> {
  const { hostname } = new URL(context.http.site.authHost);
  const authorization = await kerberosToken({
    host: hostname,
    // The library's words are told apart by their text.
    environment: { ...environment, LC_ALL: 'C' },
    timeoutMs,
    closing,
  }).catch((error: unknown) => {
    throw error instanceof KerberosError ? kerberosProblem(error, owner) : error;
  });
  return openSession({
    ...context,
    segments: ['auth', 'gss'],
    headers: { authorization },
    credential: 'that the Kerberos principal belongs to the account, the clocks, and the keytab',
    ...(owner === 'user' ? { refusal: refusalOfUser(context.account) } : {}),
  });
}

/** Whoever has the ticket can look at it. */
function refusalOfUser(account: string): (error: RucioError) => AppError {
  return (cause) =>
    new AppError('LOGIN', {
      what: `Rucio refused the Kerberos ticket for the account ${account}.`,
      next: 'check with klist that it is yours, and that your principal belongs to the account',
      cause,
    });
}
