/** Codes that a model or a client is shown. Each is documented in docs/errors.md and tested. */
export const ERROR_CODES = [
  'BAD_ARGUMENT',
  'BAD_RULE_ID',
  'DENIED',
  'DID_NOT_FOUND',
  'DUPLICATE',
  'INTERNAL',
  'LOGIN',
  'NOT_CONFIRMED',
  'NOT_FOUND',
  'QUOTA',
  'READ_ONLY',
  'RSE_BLOCKED',
  'RSE_EXPRESSION',
  'RSE_NOT_FOUND',
  'RUCIO_DOWN',
  'RUCIO_REFUSED',
  'RULE_NOT_FOUND',
  'SCOPE_NOT_FOUND',
  'TOO_BROAD',
  'TOO_FEW_RSES',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorOptions {
  /** What happened, with the numbers; one sentence. Names from Rucio are quoted and cut. */
  readonly what: string;
  /** Why, if it is known. */
  readonly why?: string | undefined;
  /** One call, or one thing for a human to do. */
  readonly next: string;
  /** The error below; for the log, never for the client. */
  readonly cause?: unknown;
}

/**
 * A failure that the caller is told about. Its text is written for a model or a person: only
 * {@link publicMessage} ever leaves the process.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string | undefined;
  readonly next: string;

  constructor(code: ErrorCode, options: AppErrorOptions) {
    super(`${code}: ${options.what}`, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.what = options.what;
    this.why = options.why;
    this.next = options.next;
  }

  /** `[CODE] what` / why / `Next: …`, one to three lines. */
  get publicMessage(): string {
    return [`[${this.code}] ${this.what}`, this.why, `Next: ${this.next}`]
      .filter((line) => line !== undefined)
      .join('\n');
  }
}
