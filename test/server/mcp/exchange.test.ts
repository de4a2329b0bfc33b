import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  createMcpHandler,
} from '@modelcontextprotocol/server';
import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ToolSelection } from '../../../lib/contract/server-document';
import { Site } from '../../../lib/contract/sites';
import { Exchange } from '../../../server/mcp/exchange';
import { Offers } from '../../../server/mcp/offers';
import { plainRequestOf } from '../../../server/mcp/plain-request';
import { type ServerDeps, buildMcpServer } from '../../../server/mcp/server-factory';
import { Metrics } from '../../../server/plugins/metrics';
import { RucioClient } from '../../../server/rucio/client';
import { RucioHttp } from '../../../server/rucio/http';
import { createSealer } from '../../../server/sealer';
import { ALL_TOOLS } from '../../../server/tools/index';
import { NO_TRACING } from '../../../server/tracing/tracing';
import { MCP_HEADERS, type TestApp, startTestApp } from '../../support/test-app';

const ROWS = 25_000;

let rucio: ReturnType<typeof createServer>;
let app: TestApp;
beforeAll(async () => {
  rucio = createServer((request, response) => answer(request.url ?? '', response));
  rucio.listen(0, '127.0.0.1');
  await once(rucio, 'listening');
  const rucioUrl = `http://127.0.0.1:${(rucio.address() as AddressInfo).port}`;
  app = await startTestApp({ rucioUrl });
});
afterAll(async () => {
  await app.close();
  rucio.closeAllConnections();
  rucio.close();
});

function answer(url: string, response: ServerResponse): void {
  if (url.startsWith('/auth/')) {
    response.setHeader('x-rucio-auth-token', 'root-test-unknown-0123456789abcdef');
    response.setHeader('x-rucio-auth-token-expires', 'Fri, 01 Jan 2100 00:00:00 UTC');
    response.end();
  } else if (url.startsWith('/dids/')) {
    const row = (index: number) => `{"scope":"s","name":"f${index}","type":"FILE","bytes":1}\n`;
    response.end(Array.from({ length: ROWS }, (_, index) => row(index)).join(''));
  } else
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"version": "41.5.1"}');
}

type Headers = Record<string, string>;

const ENVELOPE = {
  [PROTOCOL_VERSION_META_KEY]: '2026-07-28',
  [CLIENT_INFO_META_KEY]: { name: 'test', version: '1' },
  [CLIENT_CAPABILITIES_META_KEY]: {},
};

interface Sent {
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

function modern(method: string, params: Record<string, unknown> = {}, change: Headers = {}): Sent {
  const named = params['name'] ?? params['uri'];
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof named === 'string' ? { 'mcp-name': named } : {}),
    ...change,
  };
  const meta = { ...ENVELOPE, ...(params['_meta'] as object | undefined) };
  return { headers, body: { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: meta } } };
}

function legacy(method: string, params?: object, headers: Headers = {}): Sent {
  return { headers, body: { jsonrpc: '2.0', id: 'a', method, ...(params && { params }) } };
}

function post({ headers, body }: Sent): Promise<Response> {
  return fetch(app.endpoint, {
    method: 'POST',
    headers: { ...MCP_HEADERS, ...headers },
    body: JSON.stringify(body),
  });
}

async function read(response: Response): Promise<{ status: number; answer: unknown }> {
  const text = await response.text();
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  return { status: response.status, answer: json === '' ? undefined : JSON.parse(json) };
}

const call = { name: 'rucio_ping', arguments: {} };

describe.each([
  ['2026-07-28', modern('tools/call', call)],
  ['2025', legacy('tools/call', call)],
])('a call of %s', (_era, sent) => {
  it('is answered as one JSON document of known length', async () => {
    const response = await post(sent);
    expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
    const text = await response.text();
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(text));
    expect(JSON.parse(text)).toMatchObject({
      jsonrpc: '2.0',
      id: sent.body['id'],
      result: { structuredContent: { server_version: '41.5.1' } },
    });
  });
});

const list = { name: 'rucio_list_content', arguments: { did: 's:c', offset: 20_000 } };
const _meta = { progressToken: 'p' };

describe.each([
  ['2026-07-28', modern('tools/call', { ...list, _meta })],
  ['2025', legacy('tools/call', { ...list, _meta })],
])('a call of %s that asks for progress', (_era, sent) => {
  it('R17: is answered as a stream: progress first, the result last', async () => {
    const response = await post(sent);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('cache-control')).toContain('no-store');
    const events = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, json = '']) => JSON.parse(json) as Record<string, unknown>,
    );
    const result = events.pop();
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({
        method: 'notifications/progress',
        params: { progressToken: 'p' },
      });
    }
    expect(result).toMatchObject({ id: sent.body['id'], result: { structuredContent: {} } });
  });
});

/** The same offer behind the SDK's own endpoint, which needs no Rucio for what is asked here. */
function sdkEndpoint() {
  const site = Site.parse({ ...app.document.sites[0] });
  const offers = new Offers(site, ALL_TOOLS, {
    selection: ToolSelection.parse({}),
    readOnly: true,
    authMode: 'sharedSecret',
  });
  const offer = offers.narrowed({ readOnly: true, wanted: undefined });
  const limits = { rucioSeconds: 1, rucioConnections: 1 };
  const http = new RucioHttp({ site, baseUrl: site.rucioHost, limits });
  const tokens = { token: () => Promise.resolve('none'), invalidate: () => undefined };
  const principal = { account: 'robot', scopes: [], rucio: new RucioClient(http, tokens) };
  const deps: ServerDeps = {
    metrics: new Metrics(),
    log: app.app.main.log,
    sealer: createSealer(),
    deadlineMs: 1000,
    tracing: NO_TRACING,
    stopping: new AbortController().signal,
    confirmAboveBytes: 1,
  };
  return { make: () => buildMcpServer(offer, principal, deps), close: () => http.close() };
}

describe('whatever is sent is answered as by the SDK itself', () => {
  const bad = { name: 'rucio_list_dids', arguments: { did_patern: 'x' } };
  const uri = 'rucio://nomenclature';
  const initialize = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  const without = (key: string) => {
    const sent = modern('tools/list');
    const { [key]: _left, ...kept } = ENVELOPE as Record<string, unknown>;
    return { ...sent, body: { ...sent.body, params: { _meta: kept } } };
  };
  it.each<[string, Sent]>([
    ['tools/list', modern('tools/list')],
    ['tools/list of 2025', legacy('tools/list')],
    ['server/discover', modern('server/discover')],
    ['server/discover of 2025', legacy('server/discover')],
    ['initialize', legacy('initialize', initialize)],
    ['initialize without parameters', legacy('initialize')],
    [
      'initialize of an unknown revision',
      legacy('initialize', { ...initialize, protocolVersion: 'x' }),
    ],
    ['ping of 2025', legacy('ping')],
    ['ping, which is gone', modern('ping')],
    ['prompts/list', modern('prompts/list')],
    ['resources/list', modern('resources/list')],
    ['resources/templates/list of 2025', legacy('resources/templates/list')],
    ['resources/read', modern('resources/read', { uri })],
    ['resources/read of nothing', modern('resources/read', { uri: 'rucio://none' })],
    ['prompts/get of nothing', legacy('prompts/get', { name: 'none' })],
    ['prompts/get without a name', modern('prompts/get')],
    ['a call with wrong arguments', modern('tools/call', bad)],
    ['a call with wrong arguments of 2025', legacy('tools/call', bad)],
    ['a call of an unknown tool', modern('tools/call', { name: 'none' })],
    ['a call without a name of 2025', legacy('tools/call', {})],
    [
      'a call with arguments that are none',
      legacy('tools/call', { name: 'rucio_ping', arguments: 7 }),
    ],
    ['an unknown method', modern('tools/none')],
    ['an unknown method of 2025', legacy('tools/none')],
    ['a removed method', modern('logging/setLevel', { level: 'info' })],
    ['another name in the header', modern('tools/call', call, { 'mcp-name': 'rucio_whoami' })],
    ['another method in the header', modern('tools/list', {}, { 'mcp-method': 'tools/call' })],
    [
      'another revision in the header',
      modern('tools/list', {}, { 'mcp-protocol-version': '2025-11-25' }),
    ],
    [
      'a revision in the header only',
      legacy('tools/list', {}, { 'mcp-protocol-version': '2026-07-28' }),
    ],
    ['an unknown revision', legacy('tools/list', {}, { 'mcp-protocol-version': '2001-01-01' })],
    ['no header at all', { ...modern('tools/list'), headers: {} }],
    ['an envelope without revision', without(PROTOCOL_VERSION_META_KEY)],
    ['an envelope without capabilities', without(CLIENT_CAPABILITIES_META_KEY)],
    ['an envelope without client', without(CLIENT_INFO_META_KEY)],
    [
      'an envelope with a wrong client',
      modern('tools/list', { _meta: { [CLIENT_INFO_META_KEY]: 7 } }),
    ],
    ['a progress token that is none', modern('tools/list', { _meta: { progressToken: {} } })],
    [
      'a task that is none',
      legacy('tools/list', { _meta: { 'io.modelcontextprotocol/related-task': 7 } }),
    ],
    ['a cursor that is none', legacy('tools/list', { cursor: 7 })],
    ['parameters that are none', { headers: {}, body: { ...legacy('ping').body, params: [] } }],
    ['an identifier that is none', { headers: {}, body: { ...legacy('ping').body, id: 1.5 } }],
    ['an identifier that is null', { headers: {}, body: { ...legacy('ping').body, id: null } }],
    [
      'another version of JSON-RPC',
      { headers: {}, body: { ...legacy('ping').body, jsonrpc: '1.0' } },
    ],
    ['one field too many', { headers: {}, body: { ...legacy('ping').body, extra: 1 } }],
    ['a client that takes JSON only', legacy('ping', {}, { accept: 'application/json' })],
    ['an answer', { headers: {}, body: { jsonrpc: '2.0', id: 1, result: {} } }],
    [
      'a notification',
      { headers: {}, body: { jsonrpc: '2.0', method: 'notifications/initialized' } },
    ],
  ])('%s', async (_what, sent) => {
    const { make, close } = sdkEndpoint();
    const handler = createMcpHandler(make);
    const response = await handler.fetch(
      new Request('http://localhost/', {
        method: 'POST',
        headers: { ...MCP_HEADERS, ...sent.headers },
        body: JSON.stringify(sent.body),
      }),
    );
    expect(await read(await post(sent))).toEqual(await read(response));
    await handler.close();
    await close();
  });
});

describe('a call that takes long', () => {
  beforeEach(() =>
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }),
  );
  afterEach(() => jest.useRealTimers());

  it('becomes a stream before proxies give up, and says that it is alive', async () => {
    const { make, close } = sdkEndpoint();
    const plain = plainRequestOf(MCP_HEADERS, legacy('tools/call', call).body);
    if (plain === undefined) throw new TypeError('not plain');
    const server = make();
    let finish: (value: { content: [] }) => void = () => undefined;
    server.setRequestHandler('tools/call', () => new Promise((resolve) => (finish = resolve)));
    const serving = new Exchange(plain).serve(server, () => undefined);
    await new Promise(setImmediate);
    await jest.advanceTimersByTimeAsync(15_000);
    const begun = await serving;
    if (begun.kind !== 'stream') throw new TypeError(begun.kind);
    await jest.advanceTimersByTimeAsync(15_000);
    finish({ content: [] });
    let text = '';
    for await (const chunk of begun.body) text += String(chunk);
    const [first, second, ...rest] = text.split('\n\n');
    expect([first, second]).toEqual([': keepalive', ': keepalive']);
    expect(rest[0]).toMatch(/^event: message\ndata: \{.*"id":"a"/);
    await close();
  });
});
