import { TOOL_NAMES } from '../../../lib/contract/tools';
import { buildApp } from '../../../server/app';
import { type DemoRucio, startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { Metrics } from '../../../server/plugins/metrics';
import { MCP_HEADERS, type TestApp, answerOf, startTestApp } from '../../support/test-app';

const REVISION = '2026-07-28';
const KEY = 'io.modelcontextprotocol/';

let rucio: DemoRucio;
let app: TestApp;
beforeAll(async () => {
  rucio = await startDemoRucio();
  app = await startTestApp({ rucioUrl: rucio.url });
});
afterAll(async () => {
  await app.close();
  await rucio.close();
});

const META = {
  [`${KEY}protocolVersion`]: REVISION,
  [`${KEY}clientInfo`]: { name: 'raw', version: '1' },
  [`${KEY}clientCapabilities`]: {},
};

interface Sent {
  readonly method: string;
  readonly params?: Record<string, unknown> & { name?: string; uri?: string };
  readonly headers?: Record<string, string>;
  readonly meta?: object;
  readonly endpoint?: string;
}

/** A request of 2026-07-28, byte by byte as the specification has it. */
async function send({ method, params = {}, headers = {}, meta = META, endpoint }: Sent) {
  const name = params.name ?? params.uri;
  const response = await fetch(endpoint ?? app.endpoint, {
    method: 'POST',
    headers: {
      ...MCP_HEADERS,
      'mcp-protocol-version': REVISION,
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: meta } }),
  });
  const answer = (await answerOf(response)) as {
    id?: unknown;
    result?: Record<string, unknown>;
    error?: { code: number; data?: Record<string, unknown> };
  };
  return { status: response.status, headers: response.headers, ...answer };
}

/** A POST of anything. */
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(app.endpoint, { method: 'POST', headers: { ...MCP_HEADERS, ...headers }, body });

const call = (name: string, args: object = {}) => ({
  method: 'tools/call',
  params: { name, arguments: args },
});

describe('the endpoint', () => {
  test('R1 R6: one path takes POST; a request is answered, a notification is accepted', async () => {
    const ping = await send({ method: 'tools/list' });
    expect([ping.status, ping.id]).toEqual([200, 7]);
    const note = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const accepted = await post(note);
    expect([accepted.status, await accepted.text()]).toEqual([202, '']);
  });

  test('R2: a foreign Origin is refused with 403 before anything is read', async () => {
    const headers = { origin: 'https://evil.example' };
    expect((await post('{', headers)).status).toBe(403);
    expect((await fetch(app.endpoint, { headers })).status).toBe(403);
  });

  test('R3: both listeners are where the document says: this machine only, if it says so', async () => {
    const { host, metricsHost, ...ports } = { ...app.document.listen, port: 0, metricsPort: 0 };
    expect([host, metricsHost]).toEqual(['127.0.0.1', '127.0.0.1']);
    const listen = { host, metricsHost, ...ports };
    const local = await buildApp({ ...app.document, listen }, new Metrics());
    const { url, metricsUrl } = await local.listen();
    expect([url, metricsUrl].map((it) => new URL(it).hostname)).toEqual(['127.0.0.1', '127.0.0.1']);
    await local.stop();
  });

  test('R4: every method is behind the bearer', async () => {
    for (const method of ['server/discover', 'initialize', 'ping', 'tools/list', 'tools/call']) {
      const refused = await send({ method, headers: { authorization: '' } });
      expect(refused.status).toBe(401);
    }
  });

  test('R5: a batch is refused', async () => {
    const one = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await post(`[${one}]`)).status).toBe(400);
    expect((await post(`[${one},${one}]`)).status).toBe(400);
  });

  test('R10: an unknown method is 404 and -32601', async () => {
    const refused = await send({ method: 'tools/unknown' });
    expect([refused.status, refused.error?.code]).toEqual([404, -32601]);
  });

  test('R14 R15 R19: there is no session: GET and DELETE are 405, a session id means nothing', async () => {
    for (const method of ['GET', 'DELETE']) {
      const { authorization, accept } = MCP_HEADERS;
      const headers = { authorization, accept, 'mcp-session-id': 'x', 'last-event-id': '1' };
      expect((await fetch(app.endpoint, { method, headers })).status).toBe(405);
    }
    const headers = { 'mcp-session-id': 'of-another-user' };
    const first = await send({ method: 'tools/list', headers });
    const { headers: second, ...alone } = await send({ method: 'tools/list' });
    expect(first.result).toEqual(alone.result);
    expect([first.headers.get('mcp-session-id'), second.get('mcp-session-id')]).toEqual([
      null,
      null,
    ]);
    const stolen = await send({ method: 'tools/list', headers: { ...headers, authorization: '' } });
    expect(stolen.status).toBe(401);
  });

  test('R18: a client of 2025 is served at the same URL', async () => {
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'old', version: '1' },
      },
    };
    expect(await answerOf(await post(JSON.stringify(body)))).toMatchObject({
      result: { protocolVersion: '2025-06-18' },
    });
  });
});

describe('the headers of 2026-07-28', () => {
  test('R7: the revision stands in header and body alike, and is one that is served', async () => {
    const other = { 'mcp-protocol-version': '2025-11-25' };
    const differs = await send({ method: 'tools/list', headers: other });
    expect([differs.status, differs.error?.code]).toEqual([400, -32020]);
    const unknown = await send({
      method: 'tools/list',
      headers: { 'mcp-protocol-version': '2099-01-01' },
      meta: { ...META, [`${KEY}protocolVersion`]: '2099-01-01' },
    });
    expect([unknown.status, unknown.error?.code]).toEqual([400, -32022]);
    expect(unknown.error?.data?.['supported']).toContain(REVISION);
  });

  test('R8: Mcp-Method and Mcp-Name say what the body says, also in base64', async () => {
    const wrong: Record<string, string>[] = [
      { 'mcp-method': 'ping' },
      { 'mcp-name': 'rucio_ping' },
    ];
    for (const headers of wrong) {
      const refused = await send({ ...call('rucio_whoami'), headers });
      expect([refused.status, refused.error?.code]).toEqual([400, -32020]);
    }
    const encoded = `=?base64?${Buffer.from('rucio_whoami').toString('base64')}?=`;
    const taken = await send({ ...call('rucio_whoami'), headers: { 'mcp-name': encoded } });
    expect(taken.status).toBe(200);
  });

  test('R9: a request without its _meta is -32602', async () => {
    const refused = await send({
      method: 'tools/list',
      meta: { [`${KEY}protocolVersion`]: REVISION },
    });
    expect([refused.status, refused.error?.code]).toEqual([400, -32602]);
  });

  test('R27: no error has a code that is reserved for something else', async () => {
    const errors = [
      await send({ method: 'tools/unknown' }),
      await send({ ...call('rucio_nothing') }),
      await send({ method: 'resources/read', params: { uri: 'rucio://nothing' } }),
      await send({ method: 'tools/list', headers: { authorization: '' } }),
      await send({ method: 'tools/list', headers: { 'mcp-method': 'ping' } }),
    ];
    for (const { error } of errors) {
      const code = error?.code ?? 0;
      expect([-32002, -32042]).not.toContain(code);
      if (code <= -32020 && code >= -32099) expect([-32020, -32021, -32022]).toContain(code);
    }
  });
});

describe('what is offered', () => {
  test('R11 R12 R13 R26: discover tells it, for this caller only, and nothing deprecated', async () => {
    const { status, result } = await send({ method: 'server/discover' });
    expect(status).toBe(200);
    expect(result).toMatchObject({
      supportedVersions: expect.arrayContaining([REVISION]) as unknown,
    });
    const capabilities = result?.['capabilities'] as object;
    expect(Object.keys(capabilities)).toEqual(
      expect.arrayContaining(['tools', 'resources', 'prompts']),
    );
    expect(Object.keys(capabilities)).not.toContain('logging');
    for (const method of [
      'server/discover',
      'tools/list',
      'prompts/list',
      'resources/list',
      'resources/templates/list',
    ]) {
      const { result: list } = await send({ method });
      expect(list?.['ttlMs']).toEqual(expect.any(Number));
      expect(list?.['cacheScope']).toBe('private');
    }
  });

  test('R21: tools have plain names, in the same order every time', async () => {
    const names = async () => {
      const { result } = await send({ method: 'tools/list' });
      return (result?.['tools'] as { name: string }[]).map(({ name }) => name);
    };
    const first = await names();
    expect(first).toEqual(await names());
    expect(first).toEqual(TOOL_NAMES.filter((name) => first.includes(name)));
    expect(first.filter((name) => !/^[A-Za-z0-9_.-]{1,64}$/.test(name))).toEqual([]);
  });

  test('R25: no schema refers to anything outside itself', async () => {
    const { result } = await send({ method: 'tools/list' });
    const references = [...JSON.stringify(result).matchAll(/"\$ref":"([^"]*)"/g)];
    expect(references.filter(([, target = '']) => !target.startsWith('#'))).toEqual([]);
  });

  test('R24: an unknown resource is -32602 and names it', async () => {
    const uri = 'rucio://nothing';
    const { error, result } = await send({ method: 'resources/read', params: { uri } });
    expect(result).toBeUndefined();
    expect(error).toMatchObject({ code: -32602, data: { uri } });
  });
});

describe('tools', () => {
  test('R22: a result is structured, and the same as text', async () => {
    const { result } = await send(call('rucio_whoami'));
    const [block] = result?.['content'] as { type: string; text: string }[];
    expect(block?.type).toBe('text');
    expect(JSON.parse(block?.text ?? '')).toEqual(result?.['structuredContent']);
  });

  test('R20 R23: bad input is an error of the tool that a model can read', async () => {
    const { status, result } = await send(call('rucio_list_dids', { scope: 7, no_such: true }));
    expect(status).toBe(200);
    expect(result?.['isError']).toBe(true);
    expect(JSON.stringify(result)).toContain('no_such');
  });
});
