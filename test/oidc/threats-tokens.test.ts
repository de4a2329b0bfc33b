import { rucioError } from '../support/fault-server';
import { answerOf } from '../support/test-app';
import { formOf } from './browser';
import {
  type Tokens,
  authorizeUrl,
  mcp,
  redeem,
  registerTestClient,
  tokenRequest,
} from './oidc-app';
import { Scene, codeOf } from './scene';
import { FETCH_KEY, STUB_TOKEN } from './stub-rucio';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

describe('codes and tokens', () => {
  test('T6 R71 R73: a stolen code is of no use, and a wrong attempt does not use it up', async () => {
    const code = codeOf(await scene.finished());
    const other = await registerTestClient(scene.app.issuer);
    const wrong: Record<string, string>[] = [
      { code_verifier: 'x'.repeat(43) },
      { client_id: other.id },
      { redirect_uri: 'http://127.0.0.1:2/callback' },
      { resource: `${scene.app.url}/site/two` },
    ];
    for (const change of wrong) {
      expect(await redeem(scene.app.issuer, scene.client, code, change)).toMatchObject({
        status: 400,
        body: { error: expect.stringMatching(/^invalid_(grant|target)$/) as string },
      });
    }
    const two = `${scene.app.url}/site/two`;
    const there = await registerTestClient(two);
    const change = { resource: two, client_id: there.id };
    expect((await redeem(two, scene.client, code, change)).body['error']).toBe('invalid_grant');
    expect((await redeem(scene.app.issuer, scene.client, code)).status).toBe(200);
  });

  test('T6 R72: code replay: the second use is refused, and the tokens of the first end', async () => {
    const code = codeOf(await scene.finished());
    const first = await redeem(scene.app.issuer, scene.client, code);
    const token = String(first.body['access_token']);
    expect((await mcp(scene.app.issuer, token, 'tools/list')).status).toBe(200);
    expect((await redeem(scene.app.issuer, scene.client, code)).body['error']).toBe(
      'invalid_grant',
    );
    expect((await mcp(scene.app.issuer, token, 'tools/list')).status).toBe(401);
  });

  test('R71: a code is good for a minute', async () => {
    const code = codeOf(await scene.finished());
    scene.now += 61_000;
    expect((await redeem(scene.app.issuer, scene.client, code)).body['error']).toBe(
      'invalid_grant',
    );
  });

  test('R74 R75: answers are not kept; a secret is refused with 401', async () => {
    const { headers, status, body } = await redeem(scene.app.issuer, scene.client, 'x', {
      client_secret: 'y',
    });
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('R76 R79: an access token that has ended is answered with 401 invalid_token', async () => {
    const tokens = await scene.signIn();
    expect(tokens.expires_in).toBe(3600);
    scene.now += 3_601_000;
    const refused = await mcp(scene.app.issuer, tokens.access_token, 'tools/list');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  test('T18 R77 R78: audience confusion: a token of one site is refused by the other, unseen by Rucio', async () => {
    const tokens = await scene.signIn();
    const before = scene.rucio.server.requests.length;
    const call = { name: 'rucio_whoami', arguments: {} };
    const other = await mcp(`${scene.app.url}/site/two`, tokens.access_token, 'tools/call', call);
    expect(other.status).toBe(401);
    expect(scene.rucio.server.requests).toHaveLength(before);
    expect((await mcp(scene.app.issuer, STUB_TOKEN, 'tools/list')).status).toBe(401);
    await mcp(scene.app.issuer, tokens.access_token, 'tools/call', call);
    const sent = scene.rucio.server.requests
      .slice(before)
      .map((it) => it.headers['x-rucio-auth-token']);
    expect(sent.filter((token) => token !== undefined && token !== STUB_TOKEN)).toEqual([]);
    expect(sent).toContain(STUB_TOKEN);
  });

  test('R82: a token in the query is not read', async () => {
    const tokens = await scene.signIn();
    const url = `${scene.app.issuer}?access_token=${tokens.access_token}`;
    expect((await mcp(url, undefined, 'tools/list')).status).toBe(401);
  });

  test('R81: a call that needs more than was granted asks for it before the tool runs', async () => {
    const tokens = await scene.signIn({ scope: 'rucio:read' });
    const before = scene.rucio.server.requests.length;
    const call = { name: 'rucio_delete_rule', arguments: { rule_id: '0'.repeat(32) } };
    const refused = await mcp(scene.app.issuer, tokens.access_token, 'tools/call', call);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="rucio:read rucio:write", resource_metadata="${scene.app.url}/.well-known/oauth-protected-resource/site/one"`,
    );
    expect(scene.rucio.server.requests).toHaveLength(before);
  });

  test('T30: upstream 401 in mid-session: a tool error now, HTTP 401 next', async () => {
    const tokens = await scene.signIn();
    scene.rucio.endSessions();
    scene.rucio.server.on('GET /accounts/whoami', rucioError(401, 'CannotAuthenticate', 'no'));
    const call = { name: 'rucio_whoami', arguments: {} };
    const first = await mcp(scene.app.issuer, tokens.access_token, 'tools/call', call);
    expect(first.status).toBe(200);
    expect(JSON.stringify(await answerOf(first))).toContain('[LOGIN]');
    const second = await mcp(scene.app.issuer, tokens.access_token, 'tools/call', call);
    expect(second.status).toBe(401);
    expect(second.headers.get('www-authenticate')).toContain('resource_metadata=');
    const refreshed = await tokenRequest(scene.app.issuer, {
      grant_type: 'refresh_token',
      client_id: scene.client.id,
      refresh_token: tokens.refresh_token,
    });
    expect(refreshed.body['error']).toBe('invalid_grant');
  });

  test('T31 R80: refresh replay: an old refresh token ends the family', async () => {
    const refresh = (refresh_token: string) =>
      tokenRequest(scene.app.issuer, {
        grant_type: 'refresh_token',
        client_id: scene.client.id,
        refresh_token,
      });
    const first = await scene.signIn();
    const second = (await refresh(first.refresh_token)).body as unknown as Tokens;
    const third = (await refresh(second.refresh_token)).body as unknown as Tokens;
    expect(third.refresh_token).toEqual(expect.any(String));
    expect((await refresh(first.refresh_token)).body['error']).toBe('invalid_grant');
    expect((await refresh(third.refresh_token)).body['error']).toBe('invalid_grant');
    expect((await mcp(scene.app.issuer, third.access_token, 'tools/list')).status).toBe(401);
  });

  test('T33: account confusion: a header with another account changes nothing', async () => {
    const tokens = await scene.signIn();
    const response = await fetch(scene.app.issuer, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'x-rucio-account': 'root',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'rucio_whoami', arguments: {} },
      }),
    });
    expect(JSON.stringify(await answerOf(response))).toContain('jdoe');
    const sent = scene.rucio.server.seen('GET /accounts/whoami').map((it) => it.headers);
    expect(sent.filter((headers) => headers['x-rucio-account'] !== undefined)).toEqual([]);
  });

  test('R84: revocation: 200 for anything, and only for the owner', async () => {
    const tokens = await scene.signIn();
    const other = await registerTestClient(scene.app.issuer);
    const revoke = async (token: string, client_id: string) =>
      (
        await fetch(`${scene.app.issuer}/revoke`, {
          method: 'POST',
          body: new URLSearchParams({ token, client_id }),
        })
      ).status;
    expect(await revoke('unknown', scene.client.id)).toBe(200);
    expect(await revoke(tokens.access_token, other.id)).toBe(200);
    expect((await mcp(scene.app.issuer, tokens.access_token, 'tools/list')).status).toBe(200);
    expect(await revoke(tokens.access_token, scene.client.id)).toBe(200);
    expect((await mcp(scene.app.issuer, tokens.access_token, 'tools/list')).status).toBe(401);
  });
});

describe('limits', () => {
  test('T12 T22: floods: one address gets 429 with Retry-After, and Rucio hears nothing', async () => {
    const statuses = [];
    for (let count = 0; count < 61; count += 1) {
      const id = `https://localhost/${count}`;
      const page = await scene.browser.send(authorizeUrl(scene.app.issuer, { client_id: id }));
      statuses.push(page.status);
      if (page.status === 429) expect(page.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(400));
    expect(statuses[60]).toBe(429);
    expect(scene.rucio.server.requests).toHaveLength(0);
  });

  test('T22 R61: a waiting browser is answered from one look at Rucio a second', async () => {
    const bridge = await scene.browser.submit(await scene.start(), { decision: 'allow' });
    const form = new URLSearchParams(formOf(bridge).inputs);
    const headers = { origin: scene.app.url, accept: 'application/json' };
    const look = () => scene.browser.send(`${scene.app.issuer}/bridge/status`, headers, form);
    const looks = await Promise.all([look(), look(), look()]);
    expect(looks.map(({ text }) => text)).toEqual(Array(3).fill('{"state":"waiting"}'));
    expect(scene.rucio.server.seen('GET /auth/oidc_redirect')).toHaveLength(1);
    scene.rucio.signIn('jdoe');
    scene.now += 1001;
    expect((await look()).text).toBe('{"state":"go on"}');
    expect(scene.rucio.server.requests.at(-2)?.query.has(FETCH_KEY)).toBe(true);
    scene.now += 600_000;
    expect((await look()).status).toBe(403);
  });
});
