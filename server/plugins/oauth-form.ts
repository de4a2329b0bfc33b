import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { TooManyRequests } from '../auth/oauth/client-limits';
import { STORE_RETRY_SECONDS, StateStoreUnavailable } from '../auth/oauth/grant-store';
import { type Parameters, readParameters } from '../auth/oauth/parameters';
import { problemPage } from '../auth/oauth/pages/login-pages';
import type { Brand } from '../pages/page';

/** Largest body of an OAuth request, in bytes: a code carries a whole Rucio token. */
export const FORM_BYTES = 16_384;

/** What a form body was, read once. */
export interface FormBody {
  /** undefined: a parameter was there twice. */
  readonly parameters: Parameters | undefined;
}

/** Reads bodies of forms, and nothing else. */
export function registerFormBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    (_request, text, done) => done(null, { parameters: readParameters(String(text)) }),
  );
}

export function formOf(request: FastifyRequest): Parameters | undefined {
  return (request.body as FormBody | null | undefined)?.parameters;
}

/** Ends when the client goes away before it has its answer. */
export function signalOf({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Errors as RFC 6749 section 5.2 has them. */
export function registerOAuthErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = statusOf(error, request);
    tellWhen(error, reply);
    const code =
      status === 429 || status === 503
        ? 'temporarily_unavailable'
        : status < 500
          ? 'invalid_request'
          : 'server_error';
    return reply.code(status).send({ error: code, error_description: describe(status) });
  });
}

/** Errors as a person reads them. */
export function registerPageErrors(app: FastifyInstance, brand: Brand): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = statusOf(error, request);
    tellWhen(error, reply);
    const page = problemPage(brand, describe(status), { status });
    return reply.code(status).headers(page.headers).send(page.body);
  });
}

/** When to try again. @see RFC 6585 section 4 */
function tellWhen(error: FastifyError, reply: FastifyReply): void {
  if (error instanceof StateStoreUnavailable) reply.header('Retry-After', STORE_RETRY_SECONDS);
  if (error instanceof TooManyRequests) reply.header('Retry-After', error.retryAfterSeconds);
}

function statusOf(error: FastifyError, request: FastifyRequest): number {
  // Logged where the store was lost.
  if (error instanceof StateStoreUnavailable) return error.statusCode;
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  return status >= 400 && status < 500 ? status : 500;
}

function describe(status: number): string {
  switch (status) {
    case 413:
      return 'The request is larger than this server accepts.';
    case 415:
      return 'The request has a form that this server does not read.';
    case 429:
      return 'Too many requests. Wait a minute and try again.';
    case 503:
      return 'The server can not reach what it keeps sign-ins in. Try again in a minute.';
    default:
      return status < 500
        ? 'The request is not valid.'
        : 'The server could not do this. Try again.';
  }
}
