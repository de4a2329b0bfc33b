import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Answer } from './answer';

/** Sent with every answer, as Rucio's server does. */
function commonHeaders(request: IncomingMessage): Record<string, string> {
  const cors = {
    'Access-Control-Allow-Origin': request.headers.origin ?? 'None',
    'Access-Control-Allow-Headers': 'None',
    'Access-Control-Allow-Methods': '*',
    'Access-Control-Allow-Credentials': 'true',
  };
  if (request.method !== 'GET') return cors;
  return { ...cors, 'Cache-Control': 'post-check=0, pre-check=0', Pragma: 'no-cache' };
}

/**
 * Writes an answer. A body of pieces is sent chunked and only as fast as the client reads; when a
 * piece can not be made, the connection is cut without the last chunk, as Rucio cuts it.
 */
export async function sendAnswer(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = { ...commonHeaders(request), ...answer.headers };
  if (typeof answer.body === 'string') {
    const length = Buffer.byteLength(answer.body);
    response.writeHead(answer.status, { ...headers, 'Content-Length': length });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
    return;
  }
  response.writeHead(answer.status, headers);
  if (request.method === 'HEAD') response.end();
  else await pipeline(Readable.from(answer.body), response);
}
