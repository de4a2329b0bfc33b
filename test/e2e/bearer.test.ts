import { randomBytes } from 'node:crypto';

import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { eventually } from '../support/eventually';
import { type DemoPod, readyDemoPod } from './demo-pod';

let rucio: DemoRucio;
let demo: DemoPod;

beforeAll(async () => {
  rucio = await startDemoRucio();
  demo = await readyDemoPod({ rucioUrl: rucio.url });
}, 60_000);
afterAll(async () => {
  await demo.pod.stop();
  await rucio.close();
}, 60_000);

/** A request of the 2025 era, as plain HTTP. */
function ping(authorization?: string, to = demo.endpoint): Promise<Response> {
  return fetch(to, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });
}

describe.each(['', '/'])('at the endpoint ending in "%s"', (end) => {
  test('no bearer: 401 with a challenge that names no error', async () => {
    const response = await ping(undefined, demo.endpoint + end);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(response.headers.get('www-authenticate')).not.toContain('error=');
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', id: null });
  });

  test('a wrong bearer: 401 with the error invalid_token', async () => {
    const response = await ping('Bearer wrong', demo.endpoint + end);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
  });

  test('the right bearer is let in', async () => {
    expect((await ping(`Bearer ${demo.bearer}`, demo.endpoint + end)).status).toBe(200);
  });
});

test('a bearer that is rotated in its Secret takes over without a restart', async () => {
  const fresh = randomBytes(32).toString('hex');
  await demo.pod.updateSecret('rucio-mcp-bearer', { 'shared-secret': fresh });
  await eventually(async () => (await ping(`Bearer ${demo.bearer}`)).status !== 200);
  expect((await ping(`Bearer ${fresh}`)).status).toBe(200);
});

test('the log holds no bearer and no password', () => {
  expect(demo.pod.output).toContain('/site/demo');
  expect(demo.pod.output).not.toContain(demo.bearer);
  expect(demo.pod.output).not.toContain('robotpwd');
});
