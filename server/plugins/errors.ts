import type { FastifyError, FastifyInstance } from 'fastify';

import { STORE_RETRY_SECONDS, StateStoreUnavailable } from '../auth/oauth/grant-store';
import { JSON_RPC, jsonRpcError } from '../mcp/json-rpc';
import { BodyError } from './json-body';

/** What a client is told about a request that failed before any MCP message was handled. */
interface PublicError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** The one place where HTTP errors get their wire form: JSON-RPC, no stack, no internals. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof StateStoreUnavailable) {
      reply.header('Retry-After', STORE_RETRY_SECONDS);
      return reply
        .code(error.statusCode)
        .send(jsonRpcError(JSON_RPC.internalError, 'Sign-ins can not be checked now: try again.'));
    }
    const told = toPublic(error);
    if (told.status >= 500) request.log.error({ err: error }, 'request failed');
    else request.log.info({ err: { type: error.name, code: error.code } }, 'request refused');
    return reply.code(told.status).send(jsonRpcError(told.code, told.message));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', message: 'There is nothing at this path.' }),
  );
}

function toPublic(error: FastifyError | BodyError): PublicError {
  if (error instanceof BodyError) {
    const code = error.reason === 'malformed' ? JSON_RPC.parseError : JSON_RPC.invalidRequest;
    return { status: 400, code, message: error.message };
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refused(413, 'The body is larger than this server accepts.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refused(415, 'Content-Type must be application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return { status: 400, code: JSON_RPC.parseError, message: 'The body is empty.' };
    default:
      break;
  }
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500
    ? refused(status, 'The request is not valid.')
    : { status: 500, code: JSON_RPC.internalError, message: 'Internal error.' };
}

function refused(status: number, message: string): PublicError {
  return { status, code: JSON_RPC.invalidRequest, message };
}
