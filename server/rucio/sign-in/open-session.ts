import { AppError } from '../../errors';
import { discard } from '../body';
import { RucioError, rucioDown } from '../errors';
import type { RucioAnswer, RucioHttp, RucioRequest } from '../http';
import type { Session } from '../session';

/** What every way to sign in at Rucio needs. */
export interface LoginContext {
  readonly account: string;
  readonly clock: () => number;
}

export interface LoginRequest
  extends
    LoginContext,
    Pick<
      RucioRequest,
      'segments' | 'trailingSlash' | 'rawQuery' | 'method' | 'form' | 'allowRedirect' | 'missing'
    > {
  /** HTTP to the site's authentication server. */
  readonly http: RucioHttp;
  readonly headers?: Readonly<Record<string, string>>;
  /** What an operator has to check when Rucio refuses: `the user name and the password`. */
  readonly credential: string;
  /** What a refusal means, where it is not about {@link credential}. */
  readonly refusal?: (error: RucioError) => AppError;
}

/** Life of a session whose end the server does not tell, in milliseconds; Rucio's own is one hour. */
const DEFAULT_LIFE_MS = 30 * 60_000;

/**
 * Sends one request of a login.
 *
 * @returns the answer; its body is read already, and `settle` is still to be called
 * @throws {AppError} LOGIN when the credentials are refused or do not lead to exactly one account;
 *   RUCIO_DOWN when the server does not answer as it should
 */
export async function sendLogin(request: LoginRequest): Promise<RucioAnswer> {
  const { http, account, headers, credential, refusal, ...rest } = request;
  const answer = await http
    .send({
      ...rest,
      operation: 'login',
      // It opens nothing but a session.
      idempotent: true,
      headers: { 'x-rucio-account': account, 'x-rucio-appid': 'rucio-mcp', ...headers },
      // The login serves all who wait for it; the HTTP client's own limits end it.
      signal: new AbortController().signal,
    })
    .catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      throw refusal?.(error) ?? refused(account, credential, error);
    });
  await discard(answer.body);
  if (answer.status === 206) {
    const error = new AppError('LOGIN', {
      what: `The robot's credentials belong to several accounts, and Rucio does not take ${account}.`,
      next: "ask the server's operator to check the account in the configuration",
    });
    answer.settle(error);
    throw error;
  }
  return answer;
}

/**
 * Opens a session with one request.
 *
 * @throws {AppError} as {@link sendLogin}
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html (Auth)
 */
export async function openSession(request: LoginRequest): Promise<Session> {
  const answer = await sendLogin(request);
  const session = readSession(answer, request.clock);
  if (session === undefined) {
    const error = rucioDown(answer.context, 'answered a login without a token');
    answer.settle(error);
    throw error;
  }
  answer.settle();
  return session;
}

/** The session that an answer has opened, if it has. */
export function readSession(answer: RucioAnswer, clock: () => number): Session | undefined {
  const token = answer.header('x-rucio-auth-token');
  if (token === undefined || token === '') return undefined;
  return { token, expiresAt: expiryOf(answer.header, clock()) };
}

/** The end of the session by our clock; the answer's own Date takes clock skew out. */
function expiryOf(header: RucioAnswer['header'], now: number): number {
  const expires = Date.parse(header('x-rucio-auth-token-expires') ?? '');
  const sentAt = Date.parse(header('date') ?? '');
  if (Number.isNaN(expires)) return now + DEFAULT_LIFE_MS;
  const lifeMs = expires - (Number.isNaN(sentAt) ? now : sentAt);
  return lifeMs > 0 ? now + lifeMs : now + DEFAULT_LIFE_MS;
}

function isRefusal(error: unknown): error is RucioError {
  return error instanceof RucioError && error.code !== 'RUCIO_DOWN';
}

function refused(account: string, credential: string, cause: unknown): AppError {
  return new AppError('LOGIN', {
    what: `Rucio refused the robot's credentials for the account ${account}.`,
    next: `ask the server's operator to check ${credential} in its Secret`,
    cause,
  });
}
