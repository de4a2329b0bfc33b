import { METRICS } from '../../../lib/contract/metrics';
import type { TracingSettings } from '../../../lib/contract/server-document';
import { Metrics } from '../../../server/plugins/metrics';
import { NO_TRACING, createTracing } from '../../../server/tracing/tracing';
import { type FaultServer, json, rucioError, startFaultServer } from '../../support/fault-server';
import { login } from '../../support/rucio-on-fault-server';
import { MCP_HEADERS, type TestApp, message, startTestApp } from '../../support/test-app';

/** What OTLP's JSON form has of a span, as far as it is looked at. */
interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code: number };
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: WireSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const [SERVER, CLIENT] = [2, 3];
const ERROR = 2;

let collector: FaultServer;
let rucio: FaultServer;
let app: TestApp | undefined;

beforeEach(async () => {
  collector = await startFaultServer();
  collector.on('POST /v1/traces', json({}));
  rucio = await startFaultServer();
  rucio.on('GET /auth/userpass', login());
  rucio.on('GET /ping', json({ version: '41.5.1' }));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await rucio.close();
  await collector.close();
});

const start = async (settings: Partial<TracingSettings> | null = {}) => {
  const tracing =
    settings === null
      ? null
      : { endpoint: collector.url, sampleRatio: 1, propagate: false, ...settings };
  app = await startTestApp({
    rucioUrl: rucio.url,
    change: (document) => ({ ...document, tracing }),
  });
  return app;
};

async function call(
  name: string,
  args: object,
  { meta = {}, headers = {} }: { meta?: object; headers?: Record<string, string> } = {},
): Promise<string> {
  const response = await fetch(app!.endpoint, {
    method: 'POST',
    headers: { ...MCP_HEADERS, ...headers },
    body: message('tools/call', { name, arguments: args, _meta: meta }),
  });
  return response.text();
}

/** Stops the server, which sends what is left, and reads what the collector got. */
async function spans(): Promise<readonly WireSpan[]> {
  await app?.close();
  app = undefined;
  const exports = collector.seen('POST /v1/traces').map(({ body }) => JSON.parse(body) as Export);
  return exports.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
}

const attributesOf = ({ attributes }: Pick<WireSpan, 'attributes'>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

test('a collector is sent the tool call, and each request to Rucio as a part of it', async () => {
  await start();
  await call('rucio_ping', {}, { meta: { traceparent: TRACEPARENT } });
  const found = await spans();
  const tool = found.find(({ kind }) => kind === SERVER)!;
  expect(tool).toMatchObject({
    name: 'tools/call rucio_ping',
    traceId: TRACE_ID,
    parentSpanId: 'b7ad6b7169203331',
  });
  expect(attributesOf(tool)).toEqual({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'rucio_ping',
    'rucio.site': 'demo',
  });
  const requests = found.filter(({ kind }) => kind === CLIENT);
  expect(requests.map(({ name }) => name)).toContain('GET ping');
  for (const request of requests) {
    expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: tool.spanId });
  }
  expect(attributesOf(requests.find(({ name }) => name === 'GET ping')!)).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(rucio.url).port),
    'rucio.operation': 'ping',
    'rucio.site': 'demo',
  });
  const { headers } = collector.seen('POST /v1/traces')[0]!;
  expect(headers['content-type']).toBe('application/json');
});

test('the HTTP header counts where the request itself says nothing', async () => {
  await start();
  const other = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  await call('rucio_ping', {}, { headers: { traceparent: other } });
  await call(
    'rucio_ping',
    {},
    { headers: { traceparent: other }, meta: { traceparent: TRACEPARENT } },
  );
  const traces = (await spans()).filter(({ kind }) => kind === SERVER).map((span) => span.traceId);
  expect(traces).toEqual(['1'.repeat(32), TRACE_ID]);
});

test('a call that fails is marked with the code that the model was shown', async () => {
  rucio.on('GET /ping', rucioError(500, 'DatabaseException', 'user jdoe: password=hunter2'));
  await start();
  await call('rucio_ping', {});
  const found = await spans();
  const tool = found.find(({ kind }) => kind === SERVER)!;
  expect(tool.status.code).toBe(ERROR);
  expect(typeof attributesOf(tool)['error.type']).toBe('string');
  const ping = found.find(({ name }) => name === 'GET ping')!;
  expect(ping.status.code).toBe(ERROR);
  expect(attributesOf(ping)['http.response.status_code']).toBe(500);
});

test('T17: leaks in traces: no argument, account, path, token or error text leaves', async () => {
  rucio.on('GET /ping', rucioError(500, 'DatabaseException', 'user jdoe: password=hunter2'));
  await start();
  await call('rucio_ping', {});
  await call('rucio_list_dids', { scope: 'user.jdoe', pattern: 'private-thesis*' });
  expect((await spans()).length).toBeGreaterThan(2);
  const sent = collector.requests.map(({ body, headers }) => body + JSON.stringify(headers)).join();
  for (const secret of [
    'jdoe',
    'hunter2',
    'private-thesis',
    'robot',
    MCP_HEADERS.authorization.slice(7),
  ]) {
    expect(sent).not.toContain(secret);
  }
});

test.each([
  ['is not told', false],
  ['is told where the operator wants it', true],
])('Rucio %s of the trace', async (_, propagate) => {
  await start({ propagate });
  await call('rucio_ping', {}, { meta: { traceparent: TRACEPARENT } });
  const found = await spans();
  const ping = found.find(({ name }) => name === 'GET ping')!;
  const { headers } = rucio.seen('GET /ping')[0]!;
  expect(headers['traceparent']).toBe(propagate ? `00-${TRACE_ID}-${ping.spanId}-01` : undefined);
});

test.each([
  ['no text', 7],
  ['another version of nothing', '00-0-0-00'],
  ['all zeros', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`],
  ['a line of a header', `${TRACEPARENT}\r\nx-evil: 1`],
  ['a very long one', '0'.repeat(100_000)],
])('forged trace context: %s starts a trace of its own', async (_, traceparent) => {
  await start({ propagate: true });
  await call('rucio_ping', {}, { meta: { traceparent } });
  const tool = (await spans()).find(({ kind }) => kind === SERVER)!;
  expect(tool.parentSpanId).toBeUndefined();
  expect(tool.traceId).not.toBe(TRACE_ID);
  expect(rucio.seen('GET /ping')[0]!.headers['x-evil']).toBeUndefined();
});

test('a client can not have more traced than the operator allows', async () => {
  await start({ sampleRatio: 0 });
  await call('rucio_ping', {}, { meta: { traceparent: TRACEPARENT } });
  expect(await spans()).toEqual([]);
});

test('a chosen trace id does not decide about the share of calls that is traced', async () => {
  await start({ sampleRatio: 1e-9 });
  const traceparent = `00-${'1'.padStart(32, '0')}-${'1'.padStart(16, '0')}-01`;
  await call('rucio_ping', {}, { meta: { traceparent } });
  expect(await spans()).toEqual([]);
});

test('a client that wants no trace gets none', async () => {
  await start();
  await call('rucio_ping', {}, { meta: { traceparent: TRACEPARENT.replace(/1$/, '0') } });
  expect(await spans()).toEqual([]);
});

test('off by default: nothing is sent, and Rucio sees no header', async () => {
  await start(null);
  await call('rucio_ping', {}, { meta: { traceparent: TRACEPARENT } });
  expect(await spans()).toEqual([]);
  expect(rucio.seen('GET /ping')[0]!.headers['traceparent']).toBeUndefined();
  expect(await createTracing(null, new Metrics())).toBe(NO_TRACING);
});

test('a collector that fails is counted, and hinders no call and no stop', async () => {
  const metrics = new Metrics();
  collector.on('POST /v1/traces', ({ response }) => void response.writeHead(400).end());
  const settings = { endpoint: collector.url, sampleRatio: 1, propagate: false };
  const tracing = await createTracing(settings, metrics);
  const traced = { site: 'demo', tool: 'rucio_ping', carrier: {} };
  expect(await tracing.call(traced, () => Promise.resolve('answer'))).toBe('answer');
  await tracing.close();
  expect(await metrics.registry.metrics()).toContain(
    `${METRICS.traceExports.name}{outcome="error"} 1`,
  );
});
