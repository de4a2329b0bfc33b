import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

import { PATHS } from '../../lib/contract/endpoints';
import { METRICS } from '../../lib/contract/metrics';
import { OTHER_METRICS } from '../../lib/monitoring/promql';
import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { maxOpenFiles } from '../../server/plugins/connections';
import { eventually } from '../support/eventually';
import { metricValue } from '../support/metric-value';
import { type DemoPod, readyDemoPod } from './demo-pod';
import { CLIENTS } from './mcp-clients';

const [, , connectClient] = CLIENTS[1]!;
/** Fewer where this system lets a process open fewer files: some are needed for other things. */
const CROWD = Math.min(10_000, maxOpenFiles() - 500);
/** Connections that are made at once; a backlog of connections is short. */
const AT_ONCE = 100;
const MEBIBYTE = 1024 * 1024;

let rucio: DemoRucio;
let demo: DemoPod;
const crowd: Socket[] = [];

beforeAll(async () => {
  rucio = await startDemoRucio();
});
afterEach(async () => {
  await leave();
  await demo.pod.stop();
}, 60_000);
afterAll(() => rucio.close());

/** Connections that are made and then say nothing. */
async function arrive(count: number, port: number): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE) {
    const sockets = Array.from({ length: Math.min(AT_ONCE, left) }, () => {
      // What is closed is no error here.
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      crowd.push(socket);
      return socket;
    });
    await Promise.all(
      sockets.map((socket) => Promise.race([once(socket, 'connect'), gone(socket)])),
    );
  }
}

const gone = (socket: Socket) => once(socket, 'close');

async function leave(): Promise<void> {
  const ended = crowd.filter((socket) => !socket.closed).map(gone);
  for (const socket of crowd.splice(0)) socket.destroy();
  await Promise.all(ended);
}

const metrics = async () => (await fetch(demo.pod.url(PATHS.metrics, 'metrics'))).text();

/** A new client and the probes are served. */
async function expectService(): Promise<void> {
  for (const path of [PATHS.healthz, PATHS.readyz]) {
    expect((await fetch(demo.pod.url(path))).status).toBe(200);
  }
  const client = await connectClient(demo.endpoint, demo.bearer);
  expect((await client.callTool('rucio_whoami')).structured).toMatchObject({ account: 'robot' });
  await client.close();
}

test('10,000 idle connections keep nobody out: for each one more, the longest idle is closed', async () => {
  demo = await readyDemoPod({
    rucioUrl: rucio.url,
    values: (values) => ({ ...values, limits: { connections: CROWD, requestSeconds: 600 } }),
  });
  await arrive(CROWD, demo.pod.port('http'));
  await expectService();
  await arrive(AT_ONCE, demo.pod.port('http'));
  await expectService();
  const text = await metrics();
  expect(metricValue(text, METRICS.openConnections.name)).toBeGreaterThan(CROWD - AT_ONCE);
  expect(metricValue(text, METRICS.openConnections.name)).toBeLessThanOrEqual(CROWD + 1);
  const { name: closed } = METRICS.connectionsClosed;
  expect(metricValue(text, closed, { reason: 'idle' })).toBeGreaterThanOrEqual(AT_ONCE);
  expect(metricValue(text, closed, { reason: 'refused' })).toBe(0);
  // The limit of memory is the manifest's, and far away.
  expect(metricValue(text, OTHER_METRICS.residentMemory)).toBeLessThan(384 * MEBIBYTE);
  await leave();
  await eventually(async () => metricValue(await metrics(), METRICS.openConnections.name) < 10);
  await expectService();
}, 180_000);

test('a pod that may open 64 files serves through a crowd, and recovers when none is left', async () => {
  const launcher = ['/bin/sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh'];
  demo = await readyDemoPod({ rucioUrl: rucio.url, launcher });
  expect(demo.pod.output).toContain('too few open files are allowed');
  await arrive(3 * AT_ONCE, demo.pod.port('http'));
  await expectService();
  const text = await metrics();
  expect(metricValue(text, OTHER_METRICS.maxFds)).toBe(64);
  expect(metricValue(text, OTHER_METRICS.openFds)).toBeLessThan(64);
  const { name: closed } = METRICS.connectionsClosed;
  expect(metricValue(text, closed, { reason: 'idle' })).toBeGreaterThan(2 * AT_ONCE);
  // A crowd at the listener of the metrics, too, takes what was left.
  await arrive(AT_ONCE, demo.pod.port('metrics'));
  await leave();
  await eventually(async () => metricValue(await metrics(), METRICS.openConnections.name) < 10);
  await expectService();
  expect(await demo.pod.stop()).toEqual({ code: 0, signal: null });
}, 60_000);
