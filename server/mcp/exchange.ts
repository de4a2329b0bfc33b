import {
  type JSONRPCMessage,
  PerRequestHTTPServerTransport,
  ProtocolErrorCode,
  type RequestId,
  type Server,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';
import { Readable } from 'node:stream';

import { MODERN_REVISION, type PlainRequest } from './plain-request';

/** What goes back to the client. */
export type Answer =
  | { readonly kind: 'message'; readonly status: number; readonly body: string }
  /** Server-sent events: there is something to say before the result. */
  | { readonly kind: 'stream'; readonly body: Readable }
  /** No handler has seen the request: the SDK's own endpoint has to say what is wrong with it. */
  | { readonly kind: 'refused' }
  /** The client has gone away. */
  | { readonly kind: 'gone' };

/**
 * How long a client and the proxies before it hear nothing, in milliseconds; many give up after a
 * minute. A longer call becomes a stream.
 */
const QUIET_MS = 15_000;

/**
 * One request and its answer, between a server object of the SDK and Node's HTTP. The SDK does the
 * protocol; only its `Request` and `Response` are left out, which cost more than all the rest.
 *
 * @see MCP 2026-07-28 streamable HTTP, "Sending Messages to the Server"
 */
export class Exchange extends PerRequestHTTPServerTransport {
  readonly #request: PlainRequest;
  #settle: (answer: Answer) => void = () => undefined;
  #isDispatching = false;
  #isOver = false;
  #stream: Readable | undefined;
  #quiet: NodeJS.Timeout | undefined;

  constructor(request: PlainRequest) {
    super({ classification: classify(request) });
    this.#request = request;
  }

  /** Has the server handle the request. Settles when the answer, or a stream of it, begins. */
  async serve(server: Server, onError: (error: Error) => void): Promise<Answer> {
    server.onerror = (error) => {
      // What it does not even take for a request it never answers.
      if (this.#isDispatching) this.#finish({ kind: 'refused' });
      else onError(error);
    };
    await server.connect(this);
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#quiet = setTimeout(() => this.#open(), QUIET_MS);
      this.#isDispatching = true;
      const { message, era } = this.#request;
      this.onmessage?.(
        message,
        era === 'modern' ? { classification: classify(this.#request) } : {},
      );
      this.#isDispatching = false;
    });
  }

  /** The client has gone away: the handler's signal is aborted. */
  abort(): void {
    this.#finish({ kind: 'gone' });
    void this.close();
  }

  override send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const { id } = this.#request.message;
    if ('method' in message) {
      if (options?.relatedRequestId === id) this.#open()?.push(frame(message));
    } else if (isAnswerTo(message, id)) {
      if ('error' in message && this.#isDispatching) this.#finish({ kind: 'refused' });
      else this.#deliver(message);
    }
    return Promise.resolve();
  }

  #deliver(message: JSONRPCMessage): void {
    this.#stream?.push(frame(message));
    this.#finish({
      kind: 'message',
      status: this.#statusOf(message),
      body: JSON.stringify(message),
    });
  }

  /** What a handler answers is always HTTP 200, but for a capability that the client lacks. */
  #statusOf(message: JSONRPCMessage): number {
    const isLacking = 'error' in message && message.error.code === LACKING_CAPABILITY;
    return isLacking && this.#request.era === 'modern' ? 400 : 200;
  }

  #open(): Readable | undefined {
    if (this.#isOver) return undefined;
    if (this.#stream === undefined) {
      const stream = new Readable({ read: () => undefined });
      this.#stream = stream;
      clearTimeout(this.#quiet);
      stream.push(KEEP_ALIVE);
      this.#quiet = setInterval(() => stream.push(KEEP_ALIVE), QUIET_MS);
      this.#settle({ kind: 'stream', body: stream });
    }
    return this.#stream;
  }

  #finish(answer: Answer): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#quiet);
    this.#stream?.push(null);
    this.#settle(answer);
  }
}

const LACKING_CAPABILITY: number = ProtocolErrorCode.MissingRequiredClientCapability;

/** A comment, which clients skip. @see HTML Standard, "Server-sent events", 9.2.6 */
const KEEP_ALIVE = ': keepalive\n\n';

function frame(message: JSONRPCMessage): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}

function isAnswerTo(message: JSONRPCMessage, id: RequestId): boolean {
  return 'id' in message && message.id === id;
}

function classify({ era }: PlainRequest) {
  return era === 'modern' ? { era, revision: MODERN_REVISION } : { era };
}
