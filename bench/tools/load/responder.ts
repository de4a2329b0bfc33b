import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { ANSWERS } from './answers';

/**
 * A Rucio that has one dataset and answers everything after the same time: it is here to cost
 * nothing. Prints its port. Runs in a process of its own, `responder.ts <delay in ms>`.
 */
const delayMs = Number(process.argv[2] ?? 0);

/** Rows of the long list: a container that nobody can read whole. */
const MILLION = 1_000_000;
const ROWS_A_CHUNK = 200;

function* longList(): Generator<string> {
  for (let first = 0; first < MILLION; first += ROWS_A_CHUNK) {
    let chunk = '';
    for (let index = first; index < first + ROWS_A_CHUNK; index += 1) {
      const name = `DAOD_PHYS.e8351_p5855.${String(index).padStart(7, '0')}.pool.root.1`;
      chunk += `{"adler32": "0cc737eb", "name": "${name}", "bytes": ${index}, "md5": null, "scope": "mock", "type": "FILE"}\n`;
    }
    yield chunk;
  }
}

function answer(path: string, response: ServerResponse): void {
  if (path === '/dids/mock/million/dids') {
    response.setHeader('content-type', 'application/x-json-stream');
    // The reader goes away when it has enough.
    pipeline(Readable.from(longList()), response).catch(() => undefined);
    return;
  }
  if (path === '/auth/userpass') {
    const expires = new Date(Date.now() + 3_600_000).toUTCString().replace('GMT', 'UTC');
    response.setHeader('x-rucio-auth-token', 'root-bench-unknown-0123456789abcdef');
    response.setHeader('x-rucio-auth-token-expires', expires);
    response.end();
    return;
  }
  const [type, body] = ANSWERS[path] ?? ['text/html', ''];
  response.statusCode = body === '' ? 404 : 200;
  response.setHeader('content-type', type);
  response.end(body);
}

const server = createServer((request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  request.resume();
  if (delayMs === 0) answer(path, response);
  else setTimeout(() => answer(path, response), delayMs);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
