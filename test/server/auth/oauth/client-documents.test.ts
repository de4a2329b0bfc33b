import type { LookupAddress } from 'node:dns';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  type ClientDocumentDeps,
  ClientDocuments,
} from '../../../../server/auth/oauth/clients/client-documents';
import { parseDocumentUrl } from '../../../../server/auth/oauth/clients/document-url';
import { isPublicAddress } from '../../../../server/auth/oauth/clients/public-address';
import { type FaultServer, hang, hugeLine, startFaultServer } from '../../../support/fault-server';

const tls = (name: string) => readFileSync(join(__dirname, '../../../support/tls', name), 'utf8');
const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 };

describe('T11: SSRF by the URL of a client', () => {
  test.each([
    ['0.0.0.1', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1'],
    ['192.0.0.8', '192.168.1.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ['::', '::1', '::ffff:8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::1', '100::1'],
    ['2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '5f00::1', 'fc00::1', 'fd12::1'],
    ['fe80::1', 'fec0::1', 'ff02::1', '2606:4700::5efe:7f00:1', '2606:4700::200:5efe:1.2.3.4'],
    ['127.1', '0x7f000001', '2130706433', 'fe80::1%eth0', 'localhost', ''],
  ])('T11b R51: special addresses are not public: %s, %s, ...', (...addresses) => {
    expect(addresses.filter((address) => isPublicAddress(address))).toEqual([]);
  });

  test('public addresses are', () => {
    const addresses = ['8.8.8.8', '188.184.100.1', '2606:4700::1111', '2001:1458:201::1'];
    expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  test.each([
    'http://c.example/id',
    'https://c.example',
    'https://c.example/a/../id',
    'https://c.example/a/%2e%2E/id',
    'https://c.example/./id',
    'https://user@c.example/id',
    'https://c.example/id#x',
    'https://127.0.0.1/id',
    'https://127.1/id',
    'https://0x7f.1/id',
    'https://[::1]/id',
    'https://c.example:8443/id',
    'https://C.example/id',
    'https://c.example\\@evil.example/id',
  ])('R44: is no URL of a metadata document: %s', (url) => {
    expect(parseDocumentUrl(url, [443])).toBeUndefined();
  });
});

describe('metadata documents of clients', () => {
  let server: FaultServer;
  let id: string;
  let port: number;

  beforeEach(async () => {
    server = await startFaultServer({
      tls: { key: tls('loopback-key.pem'), cert: tls('loopback-cert.pem') },
    });
    port = Number(new URL(server.url).port);
    id = `https://localhost:${port}/client.json`;
  });
  afterEach(() => server.close());

  const documents = (deps: ClientDocumentDeps = {}) =>
    new ClientDocuments({
      ca: tls('loopback-cert.pem'),
      ports: [port],
      resolve: () => Promise.resolve([LOOPBACK]),
      mayConnect: () => true,
      ...deps,
    });
  const document = (change: object = {}) => ({
    client_id: id,
    client_name: 'A client',
    redirect_uris: ['http://localhost/callback'],
    token_endpoint_auth_method: 'none',
    ...change,
  });
  const serve = (body: unknown, headers: Record<string, string> = {}, status = 200) => {
    server.on('GET /client.json', ({ response }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  };

  test('R43 R52: are fetched, checked and kept for as long as they say', async () => {
    let now = 1_000_000;
    const found = documents({ clock: () => now });
    serve(document(), { 'cache-control': 'max-age=60' });
    expect(await found.find(id)).toEqual({
      id,
      name: 'A client',
      host: `localhost:${port}`,
      isConfigured: false,
      redirects: ['http://localhost/callback'],
    });
    await found.find(id);
    expect(server.requests).toHaveLength(1);
    now += 61_000;
    await found.find(id);
    expect(server.requests).toHaveLength(2);
  });

  test('T11: a host with one private address among public ones is not connected to', async () => {
    serve(document());
    const resolve = () => Promise.resolve([{ address: '8.8.8.8', family: 4 }, LOOPBACK]);
    const found = documents({ resolve, mayConnect: isPublicAddress });
    expect(await found.find(id)).toBeUndefined();
    expect(server.requests).toHaveLength(0);
  });

  test('T11: DNS rebinding: the address that was checked is the one that is connected to', async () => {
    serve(document());
    let lookups = 0;
    const checked: string[] = [];
    const found = documents({
      resolve: () => Promise.resolve((lookups += 1) === 1 ? [LOOPBACK] : []),
      mayConnect: (address) => checked.push(address) > 0,
    });
    expect(await found.find(id)).toBeDefined();
    expect(lookups).toBe(1);
    expect(checked).toEqual(['127.0.0.1']);
  });

  test.each([
    ['a redirect', '', { location: 'http://169.254.169.254/' }, 302],
    ['an error', {}, {}, 404],
    ['a success that is not 200', {}, {}, 201],
    ['a page', '<html>', { 'content-type': 'text/html' }, 200],
    ['a compressed answer', 'x', { 'content-encoding': 'gzip' }, 200],
    ['text that is no JSON', '{', {}, 200],
  ])('T11 R45: %s is no document, and is not followed', async (_title, body, headers, status) => {
    serve(body, headers, status);
    expect(await documents().find(id)).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['another client_id', { client_id: 'https://localhost/other' }],
    ['no name', { client_name: undefined }],
    ['no redirect URI', { redirect_uris: [] }],
    ['a dangerous redirect URI', { redirect_uris: ['javascript:alert(1)'] }],
    ['a secret', { client_secret: 'x' }],
    ['a method with a secret', { token_endpoint_auth_method: 'client_secret_post' }],
  ])(
    'R47 R48 R49 R52: a document with %s is refused, and not remembered',
    async (_title, change) => {
      const found = documents();
      serve(document(change));
      expect(await found.find(id)).toBeUndefined();
      serve(document());
      expect(await found.find(id)).toBeDefined();
    },
  );

  test('T11 R46: a document without an end is cut off', async () => {
    server.on('GET /client.json', (exchange) => {
      exchange.response.setHeader('content-type', 'application/json');
      exchange.response.writeHead = () => exchange.response;
      return hugeLine()(exchange);
    });
    expect(await documents().find(id)).toBeUndefined();
    await server.requests[0]?.closed;
  });

  test('T11: a server that does not answer is given up', async () => {
    server.on('GET /client.json', hang());
    expect(await documents({ timeoutMs: 50 }).find(id)).toBeUndefined();
    await server.requests[0]?.closed;
  });
});
