import { PATHS } from '../../lib/contract/endpoints';
import { METRICS } from '../../lib/contract/metrics';
import { MCP_HEADERS, answerOf, message } from '../support/test-app';
import { eventually } from '../support/eventually';
import { type FaultServer, startFaultServer } from '../support/fault-server';
import { metricValue } from '../support/metric-value';
import { type DemoPod, readyDemoPod } from './demo-pod';

const CALLS = 100;
const ROWS = 40;
const row = (index: number) =>
  `${JSON.stringify({ scope: 'mock', name: `ds${index}`, did_type: 'DATASET', length: 1, bytes: 1 })}\n`;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => row(from + index)).join('');

let rucio: FaultServer;
let demo: DemoPod;
/** How many lists Rucio has begun to send. */
let begun: number;
/** Sends the rest of all of them. */
let release: () => void;

beforeEach(async () => {
  begun = 0;
  const gate = new Promise<void>((resolve) => (release = resolve));
  rucio = await startFaultServer();
  rucio.on('GET /auth/userpass', ({ response }) => {
    response.setHeader('x-rucio-auth-token', 'robot-session-0123456789');
    response.setHeader('x-rucio-auth-token-expires', 'Tue, 01 Jan 2999 08:00:00 UTC');
    response.end();
  });
  rucio.on('GET /dids/mock/dids/search', async ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/x-json-stream' });
    response.write(rows(0, ROWS / 2));
    begun += 1;
    await gate;
    response.end(rows(ROWS / 2, ROWS));
  });
});
afterEach(async () => {
  release();
  await demo.pod.stop();
  await rucio.close();
}, 60_000);

/** A pod in the middle of a hundred lists, each of which Rucio has sent half of. */
async function startCalls(drainSeconds: number): Promise<Promise<Response>[]> {
  demo = await readyDemoPod({
    rucioUrl: rucio.url,
    values: (values) => ({
      ...values,
      server: { ...values.server, drainSeconds },
      limits: { rucioConnections: CALLS },
    }),
  });
  const body = message('tools/call', {
    name: 'rucio_list_dids',
    arguments: { did_pattern: 'mock:ds*', did_type: 'dataset', limit: 100 },
  });
  const headers = { ...MCP_HEADERS, authorization: `Bearer ${demo.bearer}` };
  const calls = Array.from({ length: CALLS }, () =>
    fetch(demo.endpoint, { method: 'POST', headers, body }),
  );
  await eventually(() => begun === CALLS);
  const metrics = await (await fetch(demo.pod.url(PATHS.metrics, 'metrics'))).text();
  expect(metricValue(metrics, METRICS.openStreams.name)).toBe(CALLS);
  return calls;
}

/** The whole result; it throws where the answer was cut before its end. */
async function resultOf(call: Promise<Response>): Promise<Record<string, unknown>> {
  return (await answerOf(await call))['result'] as Record<string, unknown>;
}

test('SIGTERM during 100 streams: all end well, then the pod ends with code 0', async () => {
  const calls = await startCalls(120);
  demo.pod.signal('SIGTERM');
  await eventually(() => demo.pod.output.includes('stopping'));
  release();
  const results = await Promise.all(calls.map(resultOf));
  for (const result of results) {
    expect(result['isError']).toBeUndefined();
    expect(result['structuredContent']).toMatchObject({ total: ROWS });
  }
  expect(await demo.pod.exited).toEqual({ code: 0, signal: null });
  expect(demo.pod.output).toContain('"onTime":true');
}, 120_000);

test('SIGTERM during 100 streams that do not end: all are told to call again, and code 0', async () => {
  const calls = await startCalls(1);
  demo.pod.signal('SIGTERM');
  const results = await Promise.all(calls.map(resultOf));
  for (const result of results) {
    expect(result['isError']).toBe(true);
    const [{ text = '' } = {}] = result['content'] as { text?: string }[];
    expect(text).toMatch(/^\[RUCIO_DOWN\] .*before this server had to restart.*\nNext: try again/s);
  }
  expect(await demo.pod.exited).toEqual({ code: 0, signal: null });
  expect(demo.pod.output).toContain('"onTime":false');
}, 120_000);
