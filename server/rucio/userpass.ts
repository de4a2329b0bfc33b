import { AppError } from '../errors';
import type { SecretFile } from '../secret-file';
import { discard } from './body';
import { RucioError, rucioDown } from './errors';
import type { RucioHttp } from './http';
import type { Session } from './session';

export interface UserpassLogin {
  /** HTTP to the site's authentication server. */
  readonly http: RucioHttp;
  readonly account: string;
  readonly username: SecretFile;
  readonly password: SecretFile;
  readonly clock: () => number;
}

/** Life of a session whose end the server does not tell, in milliseconds; Rucio's own is one hour. */
const DEFAULT_LIFE_MS = 30 * 60_000;
/** What undici and Python's WSGI servers take as a header value. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;

/**
 * Signs in with a user name and a password, which are read from their files each time.
 *
 * @throws {AppError} LOGIN when the files can not be used, the credentials are refused, or they do
 *   not lead to exactly one account; RUCIO_DOWN when the server does not answer as it should
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html (GET /auth/userpass)
 */
export async function loginUserpass(options: UserpassLogin): Promise<Session> {
  const { http, account, clock } = options;
  const username = await readCredential(options.username, 'user name');
  const password = await readCredential(options.password, 'password');
  const answer = await http
    .send({
      operation: 'login',
      segments: ['auth', 'userpass'],
      headers: {
        'x-rucio-account': account,
        'x-rucio-username': username,
        'x-rucio-password': password,
        'x-rucio-appid': 'rucio-mcp',
      },
      // The login serves all who wait for it; the HTTP client's own limits end it.
      signal: new AbortController().signal,
    })
    .catch((error: unknown) => {
      throw isRefusal(error) ? refused(account, error) : error;
    });
  await discard(answer.body);
  if (answer.status === 206) {
    const error = new AppError('LOGIN', {
      what: `The robot's user name belongs to several accounts, and Rucio does not take ${account}.`,
      next: "ask the server's operator to check the account in the configuration",
    });
    answer.settle(error);
    throw error;
  }
  const token = answer.header('x-rucio-auth-token');
  if (token === undefined || token === '') {
    const error = rucioDown(answer.context, 'answered a login without a token');
    answer.settle(error);
    throw error;
  }
  answer.settle();
  return { token, expiresAt: expiryOf(answer.header, clock()) };
}

/** The end of the session by our clock; the answer's own Date takes clock skew out. */
function expiryOf(header: (name: string) => string | undefined, now: number): number {
  const expires = Date.parse(header('x-rucio-auth-token-expires') ?? '');
  const sentAt = Date.parse(header('date') ?? '');
  if (Number.isNaN(expires)) return now + DEFAULT_LIFE_MS;
  const lifeMs = expires - (Number.isNaN(sentAt) ? now : sentAt);
  return lifeMs > 0 ? now + lifeMs : now + DEFAULT_LIFE_MS;
}

function isRefusal(error: unknown): boolean {
  return error instanceof RucioError && error.code !== 'RUCIO_DOWN';
}

function refused(account: string, cause: unknown): AppError {
  return new AppError('LOGIN', {
    what: `Rucio refused the robot's credentials for the account ${account}.`,
    next: "ask the server's operator to check the user name and the password in its Secret",
    cause,
  });
}

async function readCredential(file: SecretFile, what: string): Promise<string> {
  const content = await file.read().catch((error: unknown) => {
    throw new AppError('LOGIN', {
      what: `The file with the robot's ${what} can not be read.`,
      next: "ask the server's operator to check the Secret",
      cause: error,
    });
  });
  if (!HEADER_VALUE.test(content)) {
    throw new AppError('LOGIN', {
      what: `The robot's ${what} has characters that can not be sent in an HTTP header.`,
      next: "ask the server's operator to choose one of Latin characters",
    });
  }
  return content;
}
