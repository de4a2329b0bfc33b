import { existsSync } from 'node:fs';

import { eventually } from '../support/eventually';
import { type DemoPod, readyDemoPod } from './demo-pod';
import { type GatedRucio, startGatedRucio } from './gated-rucio';
import { CLIENTS } from './mcp-clients';

const [, , connect] = CLIENTS[1]!;
let rucio: GatedRucio;
let demo: DemoPod;

beforeEach(async () => {
  rucio = await startGatedRucio();
  demo = await readyDemoPod({ rucioUrl: rucio.url });
}, 60_000);
afterEach(async () => {
  rucio.release();
  await demo.pod.stop();
  await rucio.close();
}, 60_000);

test('SIGTERM lets a running call finish, then the pod ends with code 0', async () => {
  const client = await connect(demo.endpoint, demo.bearer);
  const call = client.callTool('rucio_ping');
  await rucio.arrived;
  demo.pod.signal('SIGTERM');
  await eventually(() => demo.pod.output.includes('stopping'));
  rucio.release();
  expect((await call).structured).toEqual({ site: 'demo', server_version: '41.5.1' });
  expect(await demo.pod.exited).toEqual({ code: 0, signal: null });
  expect(existsSync(demo.pod.root)).toBe(false);
});

test('an idle client does not keep the pod from ending', async () => {
  const client = await connect(demo.endpoint, demo.bearer);
  await client.listTools();
  demo.pod.signal('SIGTERM');
  expect(await demo.pod.exited).toEqual({ code: 0, signal: null });
});

test('a second SIGTERM ends the pod while a call still runs', async () => {
  const client = await connect(demo.endpoint, demo.bearer);
  const failed = client.callTool('rucio_ping').then(
    () => 'answered',
    () => 'failed',
  );
  await rucio.arrived;
  demo.pod.signal('SIGTERM');
  await eventually(() => demo.pod.output.includes('stopping'));
  demo.pod.signal('SIGTERM');
  expect(await demo.pod.exited).toEqual({ code: 1, signal: null });
  expect(await failed).toBe('failed');
});
