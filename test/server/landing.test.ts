import { createHash } from 'node:crypto';

import type { ServerDocument } from '../../lib/contract/server-document';
import { type App, buildApp } from '../../server/app';
import { Metrics } from '../../server/plugins/metrics';
import { type FaultServer, json, rucioError, startFaultServer } from '../support/fault-server';
import { TEST_BEARER, type TestDocument, testDocument } from '../support/test-document';

const RUCIO = 'http://127.0.0.1:1';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let app: App;
let made: TestDocument;
async function open(change: (document: ServerDocument) => ServerDocument = (it) => it) {
  made = await testDocument(RUCIO, change);
  app = await buildApp(made.document, new Metrics());
}
afterEach(async () => {
  await app.stop();
  await made.cleanUp();
});

const get = (url: string, headers: Record<string, string> = BROWSER) =>
  app.main.inject({ url, headers });

const asUsers = (document: ServerDocument): ServerDocument => ({
  ...document,
  publicUrl: 'https://mcp.example.org',
  supportContact: 'mailto:help@example.org',
  auth: {
    mode: 'oidc',
    login: 'poll',
    tokenFormat: 'jwe',
    clients: [],
    sealingKeysFile: null,
    redis: null,
  },
});

test('the address of the server shows its sites, where help is, and no secret', async () => {
  await open(asUsers);
  const { statusCode, body, headers } = await get('/');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(body).toContain('href="/site/demo/"');
  expect(body).toContain('https://mcp.example.org/site/demo/');
  expect(body).toContain('<a href="mailto:help@example.org">help@example.org</a>');
  expect(body).not.toContain('127.0.0.1');
});

test.each(['/site/demo', '/site/demo/'])('%s shows how to connect each client', async (url) => {
  await open(asUsers);
  const { body } = await get(url);
  for (const text of [
    'claude mcp add --transport http rucio-demo https://mcp.example.org/site/demo/',
    '[mcp_servers.rucio-demo]',
  ]) {
    expect(body).toContain(text);
  }
  const [, vscode = ''] = /href="vscode:mcp\/install\?([^"]*)"/.exec(body) ?? [];
  expect(JSON.parse(decodeURIComponent(vscode))).toEqual({
    name: 'rucio-demo',
    type: 'http',
    url: 'https://mcp.example.org/site/demo/',
  });
  const [, cursor = ''] = /href="cursor:[^"]*config=([^"&]*)"/.exec(body) ?? [];
  expect(JSON.parse(atob(decodeURIComponent(cursor)))).toEqual({
    url: 'https://mcp.example.org/site/demo/',
  });
});

test('with a bearer, no page has it, and no link fills it in', async () => {
  await open();
  const { body } = await get('/site/demo/');
  expect(body).not.toContain(TEST_BEARER);
  expect(body).toContain('RUCIO_MCP_TOKEN');
  expect(body).not.toMatch(/href="(vscode|cursor):/);
});

test('who brings a token of their own is told so, and no link fills it in', async () => {
  await open((document) => ({
    ...asUsers(document),
    auth: { mode: 'oidc', tokenFormat: 'passthrough', sealingKeysFile: null },
  }));
  const { body } = await get('/site/demo/');
  expect(body).toContain('a token of yours for this Rucio');
  expect(body).toContain('Everybody works as themselves');
  expect(body).not.toMatch(/href="(vscode|cursor):/);
});

test('header injection: no address of a page comes from the request', async () => {
  await open(asUsers);
  const plain = await get('/site/demo/');
  const other = await get('/site/demo/', {
    ...BROWSER,
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
  });
  expect(other.body).toBe(plain.body);
});

test('a page allows only its own style and script', async () => {
  await open(asUsers);
  const first = await get('/');
  expect(first.headers['cache-control']).toBe('public, max-age=300');
  const policy = String(first.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  for (const [, kind = '', text = ''] of first.body.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)) {
    const digest = createHash('sha256').update(text).digest('base64');
    expect(policy).toContain(`${kind}-src 'sha256-${digest}'`);
  }
  expect(first.body).not.toMatch(/ (on\w+|style)=/);
});

test('whoever has a page already is told so, as RFC 9110 section 13.1.2 compares', async () => {
  await open(asUsers);
  const etag = String((await get('/')).headers['etag']);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, `"a,b" ,W/${etag},"c"`, '*', ' * ']) {
    const again = await get('/', { ...BROWSER, 'if-none-match': known });
    expect([known, again.statusCode, again.body]).toEqual([known, 304, '']);
    expect(again.headers['etag']).toBe(etag);
    expect(again.headers['cache-control']).toBe('public, max-age=300');
  }
  for (const other of ['"other"', etag.replaceAll('"', ''), `"x${etag.slice(1)}`, '']) {
    expect((await get('/', { ...BROWSER, 'if-none-match': other })).statusCode).toBe(200);
  }
});

test('a query changes nothing, and HEAD tells what GET would', async () => {
  await open(asUsers);
  for (const path of ['/', '/site/demo/']) {
    const whole = await get(path);
    expect((await get(`${path}?utm_source=mail`)).body).toBe(whole.body);
    const head = await app.main.inject({ method: 'HEAD', url: path, headers: BROWSER });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    const told = ['etag', 'content-type', 'content-length', 'content-security-policy'] as const;
    for (const name of told) {
      expect(head.headers[name]).toBeDefined();
      expect(head.headers[name]).toBe(whole.headers[name]);
    }
  }
});

test.each([
  ['*/*', 200],
  ['text/*;q=0.5', 200],
  ['application/json, text/html;q=0', 406],
  ['TEXT/HTML', 200],
])('the address of the server, for who accepts %s: %d', async (accept, status) => {
  await open(asUsers);
  expect((await get('/', { accept })).statusCode).toBe(status);
});

test('what a site calls itself and where its help is goes before what the server says', async () => {
  await open((document) => ({
    ...asUsers(document),
    sites: document.sites.map((site) => ({
      ...site,
      title: 'The <Demo> experiment',
      logoText: 'DEMO & CO',
      supportContact: 'https://help.demo.example.org/',
    })),
  }));
  const { body } = await get('/site/demo/');
  expect(body).toContain('<span class="logo">DEMO &amp; CO</span>');
  expect(body).toContain('<p class="site">The &lt;Demo&gt; experiment</p>');
  expect(body).toContain('<a href="https://help.demo.example.org/">help.demo.example.org</a>');
  expect(body).not.toContain('help@example.org');
  expect((await get('/')).body).toContain('help@example.org');
});

describe('the status of a site', () => {
  let rucio: FaultServer;
  let now = 0;
  beforeEach(async () => {
    rucio = await startFaultServer();
    now = Date.now();
    made = await testDocument(rucio.url, asUsers);
    app = await buildApp(made.document, new Metrics(), { clock: () => now });
  });
  afterEach(() => rucio.close());
  const status = async () =>
    (await app.main.inject('/site/demo/status')).json<Record<string, unknown>>();

  test('is whether its Rucio answers, and nothing else', async () => {
    rucio.on('GET /ping', json({ version: '41.5.1' }));
    expect(await status()).toEqual({ rucio: 'up' });
    rucio.on('GET /ping', rucioError(500, 'DatabaseException', 'secret'));
    expect(await status()).toEqual({ rucio: 'up' });
    now += 30_000;
    expect(await status()).toEqual({ rucio: 'down' });
  });

  test('is asked for anew when the clock was set back', async () => {
    rucio.on('GET /ping', json({ version: '41.5.1' }));
    expect(await status()).toEqual({ rucio: 'up' });
    rucio.on('GET /ping', rucioError(500, 'DatabaseException', 'secret'));
    now -= 3_600_000;
    expect(await status()).toEqual({ rucio: 'down' });
  });

  test('T22: floods: however many ask, Rucio is asked once in half a minute', async () => {
    rucio.on('GET /ping', json({ version: '41.5.1' }));
    await Promise.all(Array.from({ length: 20 }, status));
    now += 29_999;
    await status();
    expect(rucio.requests).toHaveLength(1);
    const codes = await Promise.all(
      Array.from(
        { length: 120 },
        async () => (await app.main.inject('/site/demo/status')).statusCode,
      ),
    );
    expect(codes).toContain(429);
    expect(rucio.requests).toHaveLength(1);
  });
});

test('clients of MCP get what they got before', async () => {
  await open();
  const stream = await get('/site/demo/', { accept: 'application/json, text/event-stream' });
  expect(stream.statusCode).toBe(401);
  const authorization = `Bearer ${TEST_BEARER}`;
  const listening = await get('/site/demo/', { accept: 'text/event-stream', authorization });
  expect(listening.statusCode).toBe(405);
  expect((await get('/', { accept: 'application/json' })).statusCode).toBe(406);
  expect((await get('/nowhere')).statusCode).toBe(404);
});
