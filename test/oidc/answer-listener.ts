import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a client on this computer waits for the answer of the browser, as command lines do. */
export interface AnswerListener {
  /** The redirect URI. */
  readonly url: string;
  /** The query of the next answer, or of one that has come already. */
  next(): Promise<URLSearchParams>;
  readonly close: () => Promise<void>;
}

export async function listenForAnswers(): Promise<AnswerListener> {
  const came: URLSearchParams[] = [];
  const waiting: ((answer: URLSearchParams) => void)[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname !== '/callback') {
      response.writeHead(404).end();
      return;
    }
    response.end('You can close this page.');
    const next = waiting.shift();
    if (next === undefined) came.push(searchParams);
    else next(searchParams);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    next: () => {
      const first = came.shift();
      return first === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(first);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
