import { AUTH_LIMITS, VALIDATION_SECONDS } from '../../lib/contract/auth-limits';
import type { ServerDocument } from '../../lib/contract/server-document';
import { cutAfter, rucioError } from '../support/fault-server';
import { answerOf } from '../support/test-app';
import { type OidcApp, mcp, startOidcApp } from './oidc-app';
import { type StubRucio, startStubRucio } from './stub-rucio';

const ISSUER = 'https://iam.example.org/';

let one: StubRucio;
let two: StubRucio;
let app: OidcApp;
const clock = { now: Date.now() };

/** From now on, this Rucio accepts these tokens, each as the account that is named. */
function accept({ server }: StubRucio, accounts: Record<string, string>): void {
  server.on('GET /auth/validate', (exchange) => {
    const account = accounts[String(exchange.request.headers['x-rucio-auth-token'])];
    if (account === undefined) {
      return rucioError(500, 'CannotAuthenticate', 'Cannot authenticate')(exchange);
    }
    exchange.response.end(
      `{'account': '${account}', 'lifetime': datetime.datetime(2999, 1, 1, 8, 0), 'vo': 'def'}`,
    );
  });
}

const asked = ({ server }: StubRucio) => server.seen('GET /auth/validate').length;
const list = (token?: string, url = app.issuer) => mcp(url, token, 'tools/list');
const whoami = { name: 'rucio_whoami', arguments: {} };

beforeEach(async () => {
  clock.now = Date.now();
  [one, two] = [await startStubRucio(), await startStubRucio()];
  one.signIn('jdoe');
  two.signIn('other');
  accept(one, { 'token-of-jdoe': 'jdoe' });
  accept(two, { 'token-of-two': 'other' });
  app = await startOidcApp(one.url, {
    clock: () => clock.now,
    change: (document): ServerDocument => ({
      ...document,
      sites: document.sites.map((site) =>
        site.name === 'two'
          ? {
              ...site,
              rucioHost: two.url,
              authHost: two.url,
              oidc: { ...site.oidc, issuerUrl: ISSUER },
            }
          : site,
      ),
      auth: { mode: 'oidc', tokenFormat: 'passthrough', sealingKeysFile: null },
    }),
  });
});
afterEach(async () => {
  await app.close();
  await Promise.all([one.close(), two.close()]);
});

test('the Rucio token of a user is the bearer, and goes to the Rucio of that site', async () => {
  const answer = await answerOf(await mcp(app.issuer, 'token-of-jdoe', 'tools/call', whoami));
  expect(JSON.stringify(answer)).toContain('jdoe');
  const sent = one.server.requests
    .filter(({ rawPath }) => rawPath !== '/ping')
    .map(({ headers }) => headers['x-rucio-auth-token']);
  expect(new Set(sent)).toEqual(new Set(['token-of-jdoe']));
  expect(two.server.requests).toEqual([]);
});

test('nobody can sign in, register or withdraw anything here', async () => {
  for (const path of ['authorize', 'register', 'token', 'revoke', 'consent', 'bridge']) {
    expect((await fetch(`${app.issuer}/${path}`)).status).toBe(404);
    expect((await fetch(`${app.issuer}/${path}`, { method: 'POST' })).status).toBe(404);
  }
  const server = await fetch(`${app.url}/.well-known/oauth-authorization-server/site/one`);
  expect(server.status).toBe(404);
});

test.each(['', '/'])(
  'the metadata of a resource%s names whose tokens count, or nobody',
  async (slash) => {
    const metadata = async (site: string) =>
      (await fetch(`${app.url}/.well-known/oauth-protected-resource/site/${site}${slash}`)).json();
    expect(await metadata('one')).toEqual({
      resource: `${app.url}/site/one${slash}`,
      bearer_methods_supported: ['header'],
      resource_name: 'Rucio MCP server: Site one',
    });
    expect(await metadata('two')).toMatchObject({
      resource: `${app.url}/site/two${slash}`,
      authorization_servers: [ISSUER],
      scopes_supported: ['openid', 'profile'],
    });
  },
);

test('without a token: a challenge without an error, and with a scope where one is known', async () => {
  const metadata = `resource_metadata="${app.url}/.well-known/oauth-protected-resource/site`;
  const [plain, known] = [await list(), await list(undefined, `${app.url}/site/two/`)];
  expect([plain.status, known.status]).toEqual([401, 401]);
  expect(plain.headers.get('www-authenticate')).toBe(`Bearer ${metadata}/one"`);
  expect(known.headers.get('www-authenticate')).toBe(
    `Bearer scope="openid profile", ${metadata}/two/"`,
  );
  expect(asked(one) + asked(two)).toBe(0);
});

test('foreign token: what this Rucio does not know is refused, however often it comes', async () => {
  for (const token of ['made-up', 'eyJhbGciOiJub25lIn0.e30.']) {
    const refused = await list(token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
  }
  expect((await list('not a token')).status).toBe(401);
  expect(asked(one)).toBe(2);
});

test("another site's token: refused, also when that site has just let it in", async () => {
  const other = `${app.url}/site/two`;
  expect((await list('token-of-two', other)).status).toBe(200);
  expect((await list('token-of-two')).status).toBe(401);
  expect((await list('token-of-jdoe', other)).status).toBe(401);
  const seen = one.server.requests.filter(({ rawPath }) => rawPath !== '/auth/validate');
  expect(seen).toEqual([]);
});

test('expired token: refused at its end, also while the answer of Rucio is remembered', async () => {
  const end = new Date(clock.now + 10_000);
  const parts = [end.getUTCFullYear(), end.getUTCMonth() + 1, end.getUTCDate()];
  const time = [end.getUTCHours(), end.getUTCMinutes(), end.getUTCSeconds()];
  one.server.on('GET /auth/validate', ({ response }) => {
    response.end(
      `{'account': 'jdoe', 'lifetime': datetime.datetime(${[...parts, ...time].join(', ')})}`,
    );
  });
  expect((await list('token-of-jdoe')).status).toBe(200);
  clock.now += 12_000;
  accept(one, {});
  expect((await list('token-of-jdoe')).status).toBe(401);
});

test('cached after revocation: for no longer than what is promised', async () => {
  expect((await list('token-of-jdoe')).status).toBe(200);
  accept(one, {});
  clock.now += VALIDATION_SECONDS * 1000 - 1;
  expect((await list('token-of-jdoe')).status).toBe(200);
  expect(asked(one)).toBe(1);
  clock.now += 1;
  expect((await list('token-of-jdoe')).status).toBe(401);
});

test('cached after revocation: not until a clock that was set back has caught up', async () => {
  expect((await list('token-of-jdoe')).status).toBe(200);
  accept(one, {});
  clock.now -= 3_600_000;
  expect((await list('token-of-jdoe')).status).toBe(401);
});

test('revoked in the middle of a call: a tool error now, 401 next', async () => {
  expect((await list('token-of-jdoe')).status).toBe(200);
  accept(one, {});
  one.server.on('GET /accounts/whoami', rucioError(401, 'CannotAuthenticate', 'no'));
  const call = await mcp(app.issuer, 'token-of-jdoe', 'tools/call', whoami);
  expect(JSON.stringify(await answerOf(call))).toContain('[LOGIN]');
  expect((await list('token-of-jdoe')).status).toBe(401);
});

test('Rucio down: nobody is let in, and no token is called wrong', async () => {
  one.server.on('GET /auth/validate', ({ socket }) => void socket.destroy());
  const refused = await list('token-of-jdoe');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused.headers.get('www-authenticate')).toBeNull();
  one.server.on('GET /auth/validate', ({ response }) => void response.end('<html>'));
  expect((await list('token-of-jdoe')).status).toBe(503);
});

test('Rucio breaks off in the middle of its answer about a token: it counts as down', async () => {
  one.server.on('GET /auth/validate', cutAfter([{ account: 'jdoe' }]));
  const refused = await list('token-of-jdoe');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
});

test('many requests with one new token ask Rucio once', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => list('token-of-jdoe')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(asked(one)).toBe(1);
});

test('T22: guessing: Rucio is not asked without end, and who was let in before still is', async () => {
  expect((await list('token-of-jdoe')).status).toBe(200);
  const before = asked(one);
  const statuses: number[] = [];
  for (let count = 0; count < AUTH_LIMITS.unknownRucioTokens + 5; count += 1) {
    statuses.push((await list(`guess-${count}`)).status);
  }
  expect(statuses.slice(-5)).toEqual(Array(5).fill(429));
  expect(asked(one) - before).toBe(AUTH_LIMITS.unknownRucioTokens);
  clock.now += VALIDATION_SECONDS * 1000;
  expect((await list('token-of-jdoe')).status).toBe(200);
  clock.now += 60_000;
  expect((await list('guess-again')).status).toBe(401);
});

test('no token is written to the log', async () => {
  await list('token-of-jdoe');
  await list('made-up-token');
  await mcp(app.issuer, 'token-of-jdoe', 'tools/call', whoami);
  expect(app.log.join('\n')).not.toMatch(/token-of-jdoe|made-up-token/);
});
