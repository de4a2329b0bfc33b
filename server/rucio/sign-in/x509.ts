import { AppError } from '../../errors';
import { codeOf } from '../error-code';
import { BROKEN_CONNECTION, type RucioHttp } from '../http';
import { type ClientCertificate, readClientCertificate } from './certificate';
import type { CredentialFile } from './credential-file';
import { type LoginContext, openSession } from './open-session';
import type { RobotLogin } from './robot-login';

export interface X509Options extends LoginContext {
  /** The view of the authentication server. Both do the same; sites may serve only one of them. */
  readonly view: 'x509' | 'x509_proxy';
  /** Makes HTTP to the site's authentication server with a client certificate. */
  readonly connect: (certificate: ClientCertificate) => RucioHttp;
  readonly certificate: CredentialFile;
  /** The same as `certificate` for a proxy, whose file has all. */
  readonly key: CredentialFile;
}

/**
 * Signs in with a client certificate or a proxy certificate (RFC 3820). Every login has a connection
 * of its own, so that a renewed certificate is used at once; there is about one an hour.
 *
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html (GET /auth/x509)
 */
export function x509Login(options: X509Options): RobotLogin {
  const { view, connect, certificate, key, ...context } = options;
  let expiresAt: number | undefined;
  const read = async () => {
    const found = await readClientCertificate(certificate, key, context.clock());
    expiresAt = found.expiresAt;
    return found;
  };
  return {
    check: async () => {
      await read();
      return {
        get expiresAt() {
          return expiresAt;
        },
      };
    },
    login: async () => {
      const http = connect(await read());
      try {
        return await openSession({
          ...context,
          http,
          segments: ['auth', view],
          credential: `that the identity of the ${certificate.noun} belongs to the account, and the ${certificate.noun}`,
        });
      } catch (error) {
        throw explain(error, certificate.noun);
      } finally {
        await http.close();
      }
    },
  };
}

/** Many servers just hang up when they do not know who signed the certificate. */
function explain(error: unknown, noun: string): unknown {
  if (!(error instanceof AppError) || !BROKEN_CONNECTION.has(codeOf(error.cause))) return error;
  return new AppError(error.code, {
    what: error.what,
    why: `It may not accept the robot's ${noun}.`,
    next: "try again in a minute; if it stays, ask the server's operator to check who signed it",
    cause: error,
  });
}
