import { MemoryGrantStore } from '../../server/auth/oauth/grant-store';
import { SharedReads } from '../../server/tools/shared-reads';
import { MCP_HEADERS, message, startTestApp } from '../support/test-app';
import { type Tokens, mcp, redeem, tokenRequest } from './oidc-app';
import { Scene, codeOf } from './scene';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

afterEach(() => jest.restoreAllMocks());

/** Time goes on by so much, whatever the clock on the wall says. */
async function pass(ms: number): Promise<void> {
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  // Caches look at the time once a millisecond.
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The clock on the wall is set. */
function set(ms: number): void {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

describe('the clock is set while users are signed in', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(() => scene.close());

  const call = async (token: string) => (await mcp(scene.app.issuer, token, 'tools/list')).status;
  const refresh = (token: string) =>
    tokenRequest(scene.app.issuer, {
      grant_type: 'refresh_token',
      client_id: scene.client.id,
      refresh_token: token,
    });

  test('back by an hour: who is in stays in, and a used code stays used', async () => {
    const code = codeOf(await scene.finished());
    const { body } = await redeem(scene.app.issuer, scene.client, code);
    const { access_token: token } = body as unknown as Tokens;
    scene.now -= HOUR_MS;
    expect(await call(token)).toBe(200);
    // The code would open again now, and its life is over by any other clock.
    await pass(HOUR_MS / 2);
    const replayed = await redeem(scene.app.issuer, scene.client, code);
    expect(replayed.body['error_description']).toBe('the code was used before');
  });

  test('forwards by a day and back: the client renews, and nobody has to sign in again', async () => {
    const first = await scene.signIn();
    scene.now += DAY_MS;
    expect(await call(first.access_token)).toBe(401);
    const renewed = await refresh(first.refresh_token);
    expect(renewed.status).toBe(200);
    const second = renewed.body as unknown as Tokens;
    expect(await call(second.access_token)).toBe(200);
    scene.now -= DAY_MS;
    expect(await call(second.access_token)).toBe(200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  test('a limit that was used up keeps nobody out until the clock has caught up', async () => {
    const register = async () =>
      (await fetch(`${scene.app.issuer}/register`, { method: 'POST' })).status;
    while ((await register()) !== 429);
    scene.now -= HOUR_MS;
    expect(await register()).not.toBe(429);
  });
});

test('wrong bearers are limited for a minute, although the clock was set back', async () => {
  const app = await startTestApp();
  const call = async () => {
    const headers = { ...MCP_HEADERS, authorization: 'Bearer wrong' };
    const body = message('tools/list');
    return (await fetch(app.endpoint, { method: 'POST', headers, body })).status;
  };
  while ((await call()) !== 429);
  set(-HOUR_MS);
  expect(await call()).toBe(429);
  await pass(61_000);
  expect(await call()).toBe(401);
  await app.close();
});

test('what was withdrawn stays so when the clock is set back by up to an hour', async () => {
  let now = DAY_MS;
  const grants = new MemoryGrantStore(() => now);
  await grants.revokeToken('token', now / 1000 + 60);
  now -= HOUR_MS;
  await pass(HOUR_MS - 1000);
  expect(await grants.isRevoked('token', 'family')).toBe(true);
});

test('answers of Rucio are not kept longer when the clock is set back', async () => {
  const reads = new SharedReads<number>();
  let asked = 0;
  const get = () => reads.get('key', new AbortController().signal, () => Promise.resolve(++asked));
  expect(await get()).toBe(1);
  set(-HOUR_MS);
  expect(await get()).toBe(1);
  await pass(300_001);
  expect(await get()).toBe(2);
});
