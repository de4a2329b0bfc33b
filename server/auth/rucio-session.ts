import { readBounded } from '../rucio/body';
import { RucioError, rucioDown } from '../rucio/errors';
import type { RucioAnswer, RucioHttp } from '../rucio/http';

const MAX_VALIDATE_BYTES = 65_536;
/** Python's notation of a time in UTC. */
const LIFETIME =
  /'lifetime': datetime\.datetime\((\d+), (\d+), (\d+), (\d+), (\d+)(?:, (\d+))?(?:, \d+)?\)/;
const ACCOUNT = /'account': '([A-Za-z0-9._-]{1,64})'/;

export interface RucioSession {
  readonly token: string;
  readonly account: string;
  /** By our clock, in seconds since the epoch. */
  readonly expiresAt: number;
}

export interface ValidateDeps {
  /** To the site's authentication server. */
  readonly http: RucioHttp;
  readonly clock: () => number;
}

/**
 * Asks Rucio whose session a token is, and until when.
 *
 * @returns undefined when Rucio does not accept it
 * @throws {AppError} RUCIO_DOWN
 */
export async function validateSession(
  { http, clock }: ValidateDeps,
  token: string,
  signal: AbortSignal,
): Promise<RucioSession | undefined> {
  let answer: RucioAnswer;
  try {
    answer = await http.send({
      operation: 'validate_session',
      segments: ['auth', 'validate'],
      headers: { 'x-rucio-auth-token': token },
      signal,
    });
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
  const body = await readBounded(answer.body, MAX_VALIDATE_BYTES).catch((error: unknown) => {
    const told = answer.explain(error);
    answer.settle(told);
    throw told;
  });
  const text = body ?? '';
  const account = ACCOUNT.exec(text)?.[1];
  const expiresAt = expiryOf(text, answer.header('date'), clock());
  if (account === undefined || expiresAt === undefined) {
    throw brokenAnswer(answer, 'described a session in an unknown form');
  }
  answer.settle();
  return { token, account, expiresAt };
}

/** Whether Rucio has said no, rather than failed. */
export function isRefusal(error: unknown): error is RucioError {
  return RucioError.is(error, 'CannotAuthenticate') || RucioError.is(error, 'AccessDenied');
}

/** Ends an answer that is not what Rucio promises. */
export function brokenAnswer(answer: RucioAnswer, problem: string): Error {
  const error = rucioDown(answer.context, problem);
  answer.settle(error);
  return error;
}

/** The difference to the answer's own time takes a wrong clock out. */
function expiryOf(text: string, date: string | undefined, now: number): number | undefined {
  const parts = LIFETIME.exec(text)
    ?.slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  if (parts === undefined) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const end = Date.UTC(year, month - 1, day, hour, minute, second);
  const sentAt = Date.parse(date ?? '');
  return Math.floor((now + end - (Number.isNaN(sentAt) ? now : sentAt)) / 1000);
}
