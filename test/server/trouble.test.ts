import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { connect } from 'node:net';

import {
  MCP_HEADERS,
  type TestAppOptions,
  answerOf,
  message,
  startTestApp,
} from '../support/test-app';

/** A Rucio that signs in and then does with `/ping` whatever the test says. */
interface Upstream {
  readonly url: string;
  /** Waits for the next request that is not a login. */
  readonly next: () => Promise<{ request: IncomingMessage; response: ServerResponse }>;
  readonly close: () => Promise<void>;
}

async function upstream(): Promise<Upstream> {
  const waiting: ((exchange: { request: IncomingMessage; response: ServerResponse }) => void)[] =
    [];
  const arrived: { request: IncomingMessage; response: ServerResponse }[] = [];
  const server: Server = createServer((request, response) => {
    const taker = waiting.shift();
    if (taker === undefined) arrived.push({ request, response });
    else taker({ request, response });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () => {
      const here = arrived.shift();
      return here === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(here);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A Rucio and a server before it, both gone after the test. */
async function start(change?: TestAppOptions['change']) {
  const rucio = await upstream();
  closers.push(rucio.close);
  const app = await startTestApp({ rucioUrl: rucio.url, ...(change && { change }) });
  closers.push(app.close);
  return { rucio, app };
}

/** Answers the login, which comes before the first question that needs a session. */
async function signIn(rucio: Upstream): Promise<void> {
  const { response } = await rucio.next();
  const token = {
    'x-rucio-auth-token': 'token-1',
    'x-rucio-auth-token-expires': 'Thu, 01 Jan 2099 00:00:00 UTC',
  };
  response.writeHead(200, token).end();
}

const ping = message('tools/call', { name: 'rucio_ping', arguments: {} });
const pong = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"version": "41.5.1"}');

describe('a Rucio that hangs', () => {
  it('holds up nobody else, and its caller is told what to do', async () => {
    const { rucio, app } = await start((document) => ({
      ...document,
      limits: { ...document.limits, rucioSeconds: 1 },
    }));
    const call = (body: string) =>
      fetch(app.endpoint, { method: 'POST', headers: MCP_HEADERS, body });
    let ended = false;
    const hanging = call(ping).finally(() => (ended = true));
    await rucio.next();
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(await answerOf(await call(message('tools/list')))).toHaveProperty('result.tools');
    expect(ended).toBe(false);
    const answer = JSON.stringify(await answerOf(await hanging));
    expect(answer).toContain('"isError":true');
    expect(answer).toContain('[RUCIO_DOWN]');
    expect(answer).toContain('Next: ');
  });

  it('R16: is let go when the client goes away', async () => {
    const { rucio, app } = await start();
    const client = new AbortController();
    const call = fetch(app.endpoint, {
      method: 'POST',
      headers: MCP_HEADERS,
      body: ping,
      signal: client.signal,
    });
    const { request } = await rucio.next();
    const closed = once(request.socket, 'close');
    client.abort();
    await expect(call).rejects.toThrow(/abort/i);
    await closed;
  });
});

describe('a Rucio that is down', () => {
  it('does not stop the server from starting, and every call says so', async () => {
    const app = await startTestApp({ rucioUrl: 'http://127.0.0.1:1' });
    closers.push(app.close);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    for (const name of ['rucio_ping', 'rucio_whoami']) {
      const body = message('tools/call', { name, arguments: {} });
      const response = await fetch(app.endpoint, { method: 'POST', headers: MCP_HEADERS, body });
      const text = await response.text();
      expect(text).toContain('[RUCIO_DOWN]');
      expect(text).not.toMatch(/ECONNREFUSED|robotpwd| at /);
    }
  });
});

describe('a flood', () => {
  it('R20: above the limit is refused with Retry-After, before Rucio hears of it', async () => {
    const { rucio, app } = await start((document) => ({
      ...document,
      limits: { ...document.limits, concurrentCalls: 2 },
    }));
    const call = () => fetch(app.endpoint, { method: 'POST', headers: MCP_HEADERS, body: ping });
    const running = [call(), call()];
    const exchanges = [await rucio.next(), await rucio.next()];
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toHaveProperty('error.code');
    for (const { response } of exchanges) pong(response);
    for (const response of await Promise.all(running)) expect(response.status).toBe(200);
    const next = call();
    pong((await rucio.next()).response);
    expect((await next).status).toBe(200);
  });
});

describe('a server that is told to stop', () => {
  it('finishes what runs, is no longer ready, and takes nothing new', async () => {
    const { rucio, app } = await start((document) => ({ ...document, drainSeconds: 30 }));
    const call = fetch(app.endpoint, { method: 'POST', headers: MCP_HEADERS, body: ping });
    const { response } = await rucio.next();
    const stopping = app.app.stop();
    await expect(fetch(`${app.url}/readyz`)).rejects.toThrow();
    pong(response);
    const answer = await call;
    expect(await answerOf(answer)).toMatchObject({
      result: { structuredContent: { server_version: '41.5.1' } },
    });
    expect(await stopping).toBe(true);
  });

  it('ends what does not end in time with an error that says to call again', async () => {
    const { rucio, app } = await start((document) => ({ ...document, drainSeconds: 1 }));
    const call = fetch(app.endpoint, { method: 'POST', headers: MCP_HEADERS, body: ping });
    const { request } = await rucio.next();
    const closed = once(request.socket, 'close');
    expect(await app.app.stop()).toBe(false);
    await closed;
    const answer = JSON.stringify(await answerOf(await call));
    expect(answer).toContain('"isError":true');
    expect(answer).toContain('[RUCIO_DOWN]');
    expect(answer).toContain('before this server had to restart');
    expect(answer).toContain('Next: ');
  });

  it('cuts off a client that does not take its answer', async () => {
    const { rucio, app } = await start((document) => ({ ...document, drainSeconds: 1 }));
    const { port } = new URL(app.url);
    // A request whose body never ends can not be answered well.
    const socket = connect(Number(port), '127.0.0.1');
    const head = Object.entries(MCP_HEADERS).map(([name, value]) => `${name}: ${value}`);
    socket.write(
      `POST /site/demo HTTP/1.1\r\nHost: localhost\r\n${head.join('\r\n')}\r\n` +
        'Content-Length: 500\r\n\r\n{',
    );
    await once(app.app.main.server, 'request');
    const closed = once(socket, 'close');
    expect(await app.app.stop()).toBe(false);
    await closed;
    await rucio.close();
  });
});

describe('a client that closes the stream of a long list', () => {
  it('R16: stops what Rucio is sending', async () => {
    const { rucio, app } = await start();
    const client = new AbortController();
    const params = {
      name: 'rucio_list_content',
      arguments: { did: 'mock:ds', offset: 1_000_000 },
      _meta: { progressToken: 'p' },
    };
    const call = fetch(app.endpoint, {
      method: 'POST',
      headers: MCP_HEADERS,
      body: message('tools/call', params),
      signal: client.signal,
    });
    await signIn(rucio);
    const { request, response } = await rucio.next();
    const closed = once(request.socket, 'close');
    response.writeHead(200, { 'content-type': 'application/x-json-stream' });
    response.write('{"scope": "mock", "name": "f", "type": "FILE", "bytes": 1}\n'.repeat(10_000));
    const reader = (await call).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    let text = '';
    while (!text.includes('10000 entries read')) {
      const { value } = await reader.read();
      if (value === undefined) throw new Error(`no progress in: ${text}`);
      text += new TextDecoder().decode(value);
    }
    client.abort();
    await closed;
    await expect(reader.read()).rejects.toThrow(/abort/i);
  });
});
