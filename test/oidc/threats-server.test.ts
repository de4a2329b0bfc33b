import { request } from 'node:http';

import { digest, sameSecret } from '../../server/auth/oauth/digest';
import { MemoryGrantStore } from '../../server/auth/oauth/grant-store';
import { TEST_BEARER } from '../support/test-document';
import { startTestApp } from '../support/test-app';
import { mcp } from './oidc-app';
import { Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

/** `fetch` does not let anybody set Host. */
function withHost(url: string, host: string, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

test.each([
  ['/.well-known/oauth-protected-resource/site/one', 'GET'],
  ['/.well-known/oauth-authorization-server/site/one', 'GET'],
  ['/site/one/authorize', 'GET'],
  ['/site/one/token', 'POST'],
  ['/site/one/register', 'POST'],
  ['/site/one/revoke', 'POST'],
])('T19: DNS rebinding: %s does not answer to another host name', async (path, method) => {
  expect(await withHost(scene.app.url + path, 'evil.example', method)).toBe(403);
});

test('T23: unbounded state: what is remembered of codes has a cap, and the oldest goes', async () => {
  const store = new MemoryGrantStore();
  const until = 4_000_000_000;
  expect(await store.useCode('first', until)).toBe(true);
  for (let number = 0; number < 50_000; number++) await store.useCode(`code ${number}`, until);
  expect(await store.useCode('code 49999', until)).toBe(false);
  expect(await store.useCode('first', until)).toBe(true);
});

test('T24: metric cardinality: calls of made-up tools make no series', async () => {
  const { access_token: token } = await scene.signIn();
  const series = async () => {
    const { body } = await scene.app.app.metrics.inject('/metrics');
    return body.split('\n').filter((line) => line.startsWith('rucio_mcp_tool')).length;
  };
  const call = (name: string) =>
    mcp(scene.app.issuer, token, 'tools/call', { name, arguments: {} }).then((it) => it.text());
  await call('evil_first');
  const before = await series();
  for (let number = 0; number < 50; number++) await call(`evil_${number}`);
  expect(await series()).toBe(before);
  const { body } = await scene.app.app.metrics.inject('/metrics');
  expect(body).not.toContain('evil_');
});

test('T25: comparing secrets: of any length, and by digest', () => {
  expect(sameSecret('a', 'a')).toBe(true);
  expect(sameSecret('a', 'a longer one')).toBe(false);
  expect(sameSecret('', 'a')).toBe(false);
  expect(digest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test('T29: leaks in errors: what Rucio says in an error page reaches nobody', async () => {
  const secret = 'Traceback: /opt/rucio/etc/rucio.cfg line 7 password=hunter2';
  scene.rucio.server.on('GET /auth/oidc', ({ response }) => {
    response.writeHead(500, { 'content-type': 'text/html' }).end(secret);
  });
  const page = await scene.browser.submit(await scene.start(), { decision: 'allow' });
  expect(page.status).toBe(503);
  expect(page.text).not.toContain('hunter2');
  expect(page.text).not.toContain('Traceback');
});

test('T35: the shared secret: no OAuth endpoint exists beside it', async () => {
  const app = await startTestApp();
  try {
    for (const path of [
      '/.well-known/oauth-protected-resource/site/demo',
      '/.well-known/oauth-authorization-server/site/demo',
      '/site/demo/authorize',
      '/site/demo/token',
    ]) {
      expect((await fetch(app.url + path)).status).toBe(404);
    }
    const answer = await fetch(`${app.url}/site/demo`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_BEARER.slice(1)}` },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).not.toContain('resource_metadata');
  } finally {
    await app.close();
  }
});
