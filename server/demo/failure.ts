import { type Answer, CONTENT_TYPES, html } from './answer';
import { pythonJson } from './python-json';

/** Longest `ExceptionMessage` header, in characters, before it is cut. */
const HEADER_MESSAGE_LIMIT = 125;

/** A failure that Rucio tells by the name of a class, in headers and body. */
export class RucioFailure extends Error {
  readonly status: number;
  readonly exceptionClass: string;

  constructor(status: number, exceptionClass: string, message: string) {
    super(message);
    this.name = 'RucioFailure';
    this.status = status;
    this.exceptionClass = exceptionClass;
  }
}

/** A failure that nobody caught in Rucio: status 500 and a bare text that claims to be HTML. */
export class UnhandledFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnhandledFailure';
  }
}

/** The answer for anything that a route throws. */
export function failureAnswer(error: unknown): Answer {
  if (!(error instanceof RucioFailure)) {
    return html(500, error instanceof Error ? error.message : String(error));
  }
  const { exceptionClass, message, status } = error;
  const line = message.replace(/[\r\n]/g, ' ');
  const short =
    line.length > HEADER_MESSAGE_LIMIT ? `${line.slice(0, HEADER_MESSAGE_LIMIT)}...` : line;
  return {
    status,
    headers: {
      'Content-Type': CONTENT_TYPES.octets,
      ExceptionClass: exceptionClass,
      // gunicorn strips header values.
      ExceptionMessage: short.trim(),
    },
    body: pythonJson({ ExceptionClass: exceptionClass, ExceptionMessage: message }),
  };
}
