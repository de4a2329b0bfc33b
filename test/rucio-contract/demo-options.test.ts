import { connect } from 'node:net';

import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { tokenFor } from './answer';

describe('the demo Rucio', () => {
  const started: DemoRucio[] = [];

  async function start(options: Parameters<typeof startDemoRucio>[0] = {}): Promise<DemoRucio> {
    const demo = await startDemoRucio(options);
    started.push(demo);
    return demo;
  }
  afterEach(() => Promise.all(started.splice(0).map((demo) => demo.close())));

  test('lets in the users that it is given, and nobody else', async () => {
    const users = [{ username: 'ann', password: 'pw', email: 'a@b.example', accounts: ['jdoe'] }];
    const { url } = await start({ users });
    const login = async (user: string, password: string) => {
      const headers = { 'X-Rucio-Username': user, 'X-Rucio-Password': password };
      const response = await fetch(`${url}/auth/userpass`, { headers });
      return [response.status, response.headers.get('X-Rucio-Auth-Account')];
    };
    expect(await login('ann', 'pw')).toEqual([200, 'jdoe']);
    expect(await login('robot', 'robotpwd')).toEqual([401, null]);
  });

  test('ends a session when its life is over', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { url } = await start({ tokenLifeSeconds: 60, clock: () => now });
    const headers = { 'X-Rucio-Auth-Token': await tokenFor(url, 'robot') };
    const ask = async () => (await fetch(`${url}/accounts/robot`, { headers })).status;
    now += 59_999;
    expect(await ask()).toBe(200);
    now += 1;
    expect(await ask()).toBe(401);
  });

  test('refuses a body that is too large and goes on serving', async () => {
    const { url } = await start();
    const headers = { 'X-Rucio-Auth-Token': await tokenFor(url, 'robot') };
    const body = JSON.stringify({ dids: [], padding: 'x'.repeat(2_000_000) });
    const outcome = await fetch(`${url}/replicas/list`, { method: 'POST', headers, body }).then(
      (response) => response.status,
      // The connection may be closed before the client has sent everything.
      () => 413,
    );
    expect(outcome).toBe(413);
    expect((await fetch(`${url}/ping`)).status).toBe(200);
  });

  test('says so when the port is taken', async () => {
    const { url } = await start();
    await expect(startDemoRucio({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });

  test('closes while a slow answer and an idle connection are open', async () => {
    const demo = await startDemoRucio({ latencyMs: 600_000 });
    const idle = connect(Number(new URL(demo.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const slow = fetch(`${demo.url}/ping`).then(
      () => 'answered',
      () => 'cut',
    );
    await demo.close();
    expect(await slow).toBe('cut');
    idle.destroy();
  });

  test('survives a client that leaves in the middle of a stream', async () => {
    const { url } = await start();
    const headers = { 'X-Rucio-Auth-Token': await tokenFor(url, 'root') };
    const leaving = new AbortController();
    const path = '/dids/mc20_13TeV/dids/search?type=all&long=True';
    const response = await fetch(url + path, { headers, signal: leaving.signal });
    leaving.abort();
    await expect(response.text()).rejects.toThrow();
    expect((await fetch(`${url}/ping`)).status).toBe(200);
  });
});
