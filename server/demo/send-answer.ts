import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Answer } from './answer';

/**
 * Writes an answer. A body of pieces is sent chunked and only as fast as the client reads; when a
 * piece can not be made, the connection is cut without the last chunk, as Rucio cuts it.
 */
export async function sendAnswer(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers } = answer;
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
