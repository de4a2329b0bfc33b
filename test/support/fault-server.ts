import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** As it was on the wire, without the query. */
  readonly rawPath: string;
  /** Split at slashes, then decoded: what a Rucio behind it takes as values. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Fulfilled when the client or the server has closed the connection's answer. */
  readonly closed: Promise<void>;
}

export interface Exchange {
  readonly request: SeenRequest;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** What the server does with a request. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>;

export interface FaultServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** The requests to one path, as `GET /ping`. */
  seen(route: string): SeenRequest[];
  /** From now on, requests to this path (not decoded, as `GET /ping`) are treated so. */
  on(route: string, behaviour: Behaviour): void;
  /** May be called again. */
  close(): Promise<void>;
}

export interface FaultServerOptions {
  /** PEM texts; without them the server speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

/** A server on a loopback port that misbehaves as told. Unknown paths answer a page with 404. */
export async function startFaultServer({ tls }: FaultServerOptions = {}): Promise<FaultServer> {
  const requests: SeenRequest[] = [];
  const routes = new Map<string, Behaviour>();
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    void serve(incoming, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.on('error', () => undefined);
    const closed = once(response, 'close').then(() => undefined);
    const request = await see(incoming, closed);
    requests.push(request);
    const behaviour = routes.get(`${request.method} ${request.rawPath}`) ?? html(404);
    await behaviour({ request, response, socket: incoming.socket });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    seen: (route) => requests.filter(({ method, rawPath }) => `${method} ${rawPath}` === route),
    on: (route, behaviour) => void routes.set(route, behaviour),
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function see(incoming: IncomingMessage, closed: Promise<void>): Promise<SeenRequest> {
  const [rawPath = '', query = ''] = (incoming.url ?? '').split('?');
  return {
    method: incoming.method ?? '',
    rawPath,
    segments: rawPath.split('/').slice(1).map(decodeURIComponent),
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body: await text(incoming),
    closed,
  };
}

/** A JSON document, or text that is sent as it is. */
export function json(value: unknown, headers: Record<string, string> = {}): Behaviour {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
}

/** A complete stream of rows. Strings are sent as they are. */
export function ndjson(rows: readonly unknown[]): Behaviour {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/x-json-stream' });
    for (const row of rows) response.write(line(row));
    response.end();
  };
}

/** Behaves differently from call to call; the last one stays. */
export function inTurn(...behaviours: readonly Behaviour[]): Behaviour {
  let calls = 0;
  return (exchange) => {
    const behaviour = behaviours[Math.min(calls, behaviours.length - 1)];
    calls += 1;
    return behaviour?.(exchange);
  };
}

/** An error as Rucio writes it: in headers and body; `where: 'headers'` leaves the body empty. */
export function rucioError(
  status: number,
  exceptionClass: string,
  message: string,
  where: 'both' | 'headers' = 'both',
): Behaviour {
  return ({ response }) => {
    response.writeHead(status, {
      'content-type': 'application/octet-stream',
      exceptionclass: exceptionClass,
      exceptionmessage: message.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 125),
    });
    response.end(
      where === 'both'
        ? JSON.stringify({ ExceptionClass: exceptionClass, ExceptionMessage: message })
        : '',
    );
  };
}

/** A page of some proxy. */
export function html(status: number, headers: Record<string, string> = {}): Behaviour {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end('<html><body><h1>internal-host-17 is unhappy</h1></body></html>');
  };
}

/** Accepts the request and never answers. */
export function hang(): Behaviour {
  return () => undefined;
}

/** Sends some rows and then nothing more, without an end. */
export function hangAfter(rows: readonly unknown[]): Behaviour {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/x-json-stream' });
    response.write(rows.map(line).join(''));
  };
}

/** Sends some rows and closes the connection without the last chunk. */
export function cutAfter(rows: readonly unknown[]): Behaviour {
  return ({ response, socket }) => {
    response.writeHead(200, { 'content-type': 'application/x-json-stream' });
    response.write(rows.map(line).join(''), () => socket.end());
  };
}

/** Closes the connection without any answer. */
export function reset(): Behaviour {
  return ({ socket }) => {
    socket.resetAndDestroy();
  };
}

/** One line without an end, as long as the client takes it. */
export function hugeLine(type = 'application/x-json-stream'): Behaviour {
  return async ({ response }) => {
    response.writeHead(200, { 'content-type': type });
    response.write('"');
    await pump(response, () => 'x'.repeat(65_536), Number.POSITIVE_INFINITY);
  };
}

/** Text in small pieces, each in a packet of its own. */
export function drip(content: string, pieceLength: number): Behaviour {
  return async ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/x-json-stream' });
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += pieceLength) {
      response.write(bytes.subarray(at, at + pieceLength));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

/** A long list, written only as fast as it is taken. */
export function longList(row: (index: number) => unknown, length: number): LongList {
  let written = 0;
  return {
    written: () => written,
    behaviour: async ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/x-json-stream' });
      await pump(response, () => line(row((written += 1))), length);
      response.end();
    },
  };
}

export interface LongList {
  readonly behaviour: Behaviour;
  /** How many rows the server has written so far. */
  readonly written: () => number;
}

async function pump(response: ServerResponse, next: () => string, times: number): Promise<void> {
  for (let count = 0; count < times && !response.destroyed; count += 1) {
    if (response.write(next())) continue;
    await new Promise<void>((resolve) => {
      const goOn = () => {
        response.off('drain', goOn).off('close', goOn);
        resolve();
      };
      response.on('drain', goOn).on('close', goOn);
    });
  }
}

function line(row: unknown): string {
  return `${typeof row === 'string' ? row : JSON.stringify(row)}\n`;
}
