import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerPage, strayPage } from './answer-page';

const PATH = '/callback';

/**
 * Where the browser brings the answer of a sign-in.
 *
 * @see RFC 8252 section 7.3 (loopback interface redirection)
 */
export class AnswerListener {
  readonly redirectUri: string;
  readonly #server: Server;
  #awaited:
    { readonly state: string; readonly take: (answer: URLSearchParams) => void } | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { status, headers, body } = this.#answer(request);
      response.writeHead(status, headers).end(body);
    });
  }

  static async open(): Promise<AnswerListener> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AnswerListener(server);
  }

  /** The answer to the request with this state; whatever else comes is refused. */
  async answerTo(state: string): Promise<URLSearchParams> {
    return new Promise((take) => (this.#awaited = { state, take }));
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer({ url = '/', method }: IncomingMessage) {
    const { pathname, searchParams } = new URL(url, this.redirectUri);
    const awaited = this.#awaited;
    const isAnswer = method === 'GET' && pathname === PATH;
    if (!isAnswer || awaited === undefined || searchParams.get('state') !== awaited.state) {
      return strayPage();
    }
    this.#awaited = undefined;
    awaited.take(searchParams);
    return answerPage(searchParams.get('error') ?? undefined);
  }
}
