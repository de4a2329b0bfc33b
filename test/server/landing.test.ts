import { createHash } from 'node:crypto';

import type { ServerDocument } from '../../lib/contract/server-document';
import { type App, buildApp } from '../../server/app';
import { Metrics } from '../../server/plugins/metrics';
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

test('a page is kept by its digest, and allows only its own style and script', async () => {
  await open(asUsers);
  const first = await get('/');
  const etag = String(first.headers['etag']);
  const again = await get('/', { ...BROWSER, 'if-none-match': etag });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect(first.headers['cache-control']).toBe('public, max-age=300');
  const policy = String(first.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  for (const [, kind = '', text = ''] of first.body.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)) {
    const digest = createHash('sha256').update(text).digest('base64');
    expect(policy).toContain(`${kind}-src 'sha256-${digest}'`);
  }
  expect(first.body).not.toMatch(/ (on\w+|style)=/);
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
