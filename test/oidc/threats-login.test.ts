import { rucioError } from '../support/fault-server';
import { Browser, formOf } from './browser';
import { CALLBACK, answerIn, authorizeUrl, mcp, registerTestClient } from './oidc-app';
import { Scene } from './scene';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

describe('discovery', () => {
  const get = async (path: string) => {
    const response = await fetch(scene.app.url + path, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  test.each(['/site/one', '/site/one/'])(
    'R28 R29 R30 R31 R32 R33 T28: %s names its own metadata, which names it; no header changes it',
    async (path) => {
      const refused = await mcp(scene.app.url + path, undefined, 'tools/list');
      expect(refused.status).toBe(401);
      const challenge = refused.headers.get('www-authenticate') ?? '';
      expect(challenge).toBe(
        `Bearer scope="rucio:read", resource_metadata="${scene.app.url}/.well-known/oauth-protected-resource${path}"`,
      );
      const found = await get(`/.well-known/oauth-protected-resource${path}`);
      expect(JSON.parse(found.text)).toEqual({
        resource: scene.app.url + path,
        authorization_servers: [scene.app.issuer],
        scopes_supported: ['rucio:read', 'rucio:write'],
        bearer_methods_supported: ['header'],
        resource_name: 'Rucio MCP server: Site one',
      });
      expect(found.headers.get('access-control-allow-origin')).toBe('*');
      expect(found.text).not.toContain('evil');
    },
  );

  test.each([
    '/.well-known/oauth-authorization-server/site/one',
    '/site/one/.well-known/oauth-authorization-server',
  ])('R34 R35 R36 R37 R38: %s is true', async (path) => {
    const { text } = await get(path);
    expect(JSON.parse(text)).toEqual({
      issuer: scene.app.issuer,
      authorization_endpoint: `${scene.app.issuer}/authorize`,
      token_endpoint: `${scene.app.issuer}/token`,
      registration_endpoint: `${scene.app.issuer}/register`,
      revocation_endpoint: `${scene.app.issuer}/revoke`,
      scopes_supported: ['rucio:read', 'rucio:write'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['none'],
      revocation_endpoint_auth_methods_supported: ['none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
    });
  });

  test.each([
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration/site/one',
    '/site/one/.well-known/openid-configuration',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/site/none',
  ])('R39: %s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('R41: no other origin reads the pages of a login', async () => {
    const page = await scene.browser.send(authorizeUrl(scene.app.issuer, scene.client.parameters), {
      origin: 'https://evil.example',
    });
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('registration', () => {
  const register = async (body: string) => {
    const response = await fetch(`${scene.app.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { response, body: (await response.json()) as Record<string, unknown> };
  };

  test('R53 R54: tells what was registered, under an id that is no URL', async () => {
    const { response, body } = await register(
      JSON.stringify({ redirect_uris: [CALLBACK], client_name: 'X', anything: 1 }),
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      redirect_uris: [CALLBACK],
      client_name: 'X',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    });
    expect(body['client_id']).not.toMatch(/^https?:/);
  });

  test.each([
    [
      'R42: plain http to another host',
      '{"redirect_uris":["http://evil.example/cb"]}',
      'invalid_redirect_uri',
    ],
    ['a script', '{"redirect_uris":["javascript:alert(1)"]}', 'invalid_redirect_uri'],
    ['nothing', '{}', 'invalid_redirect_uri'],
    [
      'T34: prototype pollution',
      `{"redirect_uris":["${CALLBACK}"],"__proto__":{}}`,
      'invalid_request',
    ],
  ])('refuses %s', async (_title, text, error) => {
    const { response, body } = await register(text);
    expect(response.status).toBe(400);
    expect(body['error']).toBe(error);
  });

  test('T20: refuses a body of 17 kB', async () => {
    const { response } = await register(JSON.stringify({ client_name: 'x'.repeat(17_000) }));
    expect(response.status).toBe(413);
  });
});

describe('consent', () => {
  test('T1 R57: confused deputy: Rucio hears nothing before the user has agreed', async () => {
    const page = await scene.start();
    expect(page.status).toBe(200);
    expect(page.text).toContain('Test client');
    const { inputs } = formOf(page);
    const own = { origin: scene.app.url, 'sec-fetch-site': 'same-origin' };
    const form = new URLSearchParams({ ...inputs, csrf: 'wrong', decision: 'allow' });
    expect((await scene.browser.send(`${scene.app.issuer}/consent`, own, form)).status).toBe(403);
    expect(scene.rucio.server.requests).toHaveLength(0);
  });

  test('T2 R68: consent CSRF: another page, another browser or another login can not agree', async () => {
    const page = await scene.start();
    const form = new URLSearchParams({ ...formOf(page).inputs, decision: 'allow' });
    const url = `${scene.app.issuer}/consent`;
    const own = { origin: scene.app.url, 'sec-fetch-site': 'same-origin' };
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await scene.browser.send(url, evil, form)).status).toBe(403);
    expect((await scene.browser.send(url, {}, form)).status).toBe(403);
    expect((await scene.browser.send(url, { origin: 'null' }, form)).status).toBe(403);
    const victim = new Browser();
    expect((await victim.send(url, own, form)).status).toBe(403);
    await victim.open(authorizeUrl(scene.app.issuer, scene.client.parameters));
    expect((await victim.send(url, own, form)).status).toBe(403);
    await victim.close();
    expect(scene.rucio.server.requests).toHaveLength(0);
    expect((await scene.browser.send(url, own, form)).status).toBe(303);
  });

  test('T3: session fixation: a forwarded bridge URL shows nothing in another browser', async () => {
    const bridge = await scene.browser.submit(await scene.start(), { decision: 'allow' });
    const victim = new Browser();
    const page = await victim.open(bridge.url);
    expect(page.status).toBe(403);
    expect(page.text).not.toContain('oidc_redirect');
    await victim.close();
  });

  test('T10 R59: a program on this computer is told as such', async () => {
    expect((await scene.start()).text).toContain('app on this computer (localhost)');
  });

  test('T15 R58 R60 R69: clickjacking: every page has its headers; the cookie is of this host only', async () => {
    const pages = [await scene.start(), await scene.browser.open(`${scene.app.issuer}/authorize`)];
    for (const { headers } of pages) {
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'nonce-[^']+'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
    }
    expect(pages[0]?.headers.get('set-cookie')).toMatch(
      /^__Host-rmcp_[\w-]{16}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('T16: XSS: the name of a client is inert and short', async () => {
    const name = `</script><img src=x onerror=alert(1)>\u202e\u200b${'x'.repeat(400)}`;
    scene.client = await registerTestClient(scene.app.issuer, { client_name: name });
    const { text } = await scene.start();
    expect(text).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
    expect(text).not.toMatch(/<img|\u202e|\u200b|x{81}/);
  });

  test.each([
    'javascript:alert(1)',
    'https://evil.example/auth/oidc_redirect?abcdefghij_polling',
    'http://127.0.0.1/auth/oidc_redirect?abcdefghij_polling',
  ])('T16: a login URL that is not of this Rucio is shown to nobody: %s', async (url) => {
    scene.rucio.server.on('GET /auth/oidc', ({ response }) => {
      response.setHeader('X-Rucio-OIDC-Auth-URL', url);
      response.end();
    });
    const page = await scene.browser.submit(await scene.start(), { decision: 'allow' });
    expect(page.status).toBe(503);
    expect(page.text).not.toContain(url);
  });

  test('T16: a login URL without TLS is shown to nobody where Rucio has TLS, be it on loopback', async () => {
    const { host } = new URL(scene.rucio.url);
    const url = `http://${host}/auth/oidc_redirect?abcdefghij_polling`;
    scene.rucio.server.on('GET /auth/oidc', ({ response }) => {
      response.setHeader('X-Rucio-OIDC-Auth-URL', url);
      response.end();
    });
    const page = await scene.browser.submit(await scene.start(), { decision: 'allow' });
    expect(page.status).toBe(503);
    expect(page.text).not.toContain(url);
  });

  test('T5: login CSRF: the account is shown, and nothing goes to the client before it is confirmed', async () => {
    scene.rucio.signIn('mallory');
    const bridge = await scene.browser.submit(await scene.start(), { decision: 'allow' });
    const account = await scene.browser.submit(bridge);
    expect(account.text).toContain('Signed in as mallory');
    expect(account.text).not.toContain(CALLBACK);
    const answer = answerIn(await scene.browser.submit(account, { decision: 'cancel' }));
    expect(answer.get('error')).toBe('access_denied');
  });
});

describe('authorization requests', () => {
  test.each<Record<string, string>>([
    { client_id: 'nobody' },
    { client_id: 'https://127.0.0.1/id' },
    { redirect_uri: 'https://evil.example/cb' },
    { redirect_uri: 'http://127.0.0.1:1/callback2' },
    { redirect_uri: 'javascript:alert(1)' },
  ])('T13 R63: open redirect: nobody is sent anywhere for %j', async (change) => {
    const page = await scene.browser.send(
      authorizeUrl(scene.app.issuer, { ...scene.client.parameters, ...change }),
    );
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
    expect(page.text).not.toContain('evil.example');
  });

  test.each<[string, Record<string, string>, string]>([
    ['T7 R62: PKCE downgrade: no challenge', { code_challenge: '' }, 'invalid_request'],
    ['T7 R62: PKCE downgrade: plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['T7 R62: PKCE downgrade: no method', { code_challenge_method: '' }, 'invalid_request'],
    ['R66: another resource', { resource: 'https://other.example/' }, 'invalid_target'],
    ['R66: another site', { resource: 'SITE-TWO' }, 'invalid_target'],
    ['an implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
  ])('%s goes back to the client with state and iss', async (_title, change, error) => {
    const parameters = Object.fromEntries(
      Object.entries({ ...scene.client.parameters, ...change }).map(([name, value]) => [
        name,
        value === 'SITE-TWO' ? `${scene.app.url}/site/two` : value,
      ]),
    );
    const page = await scene.browser.send(authorizeUrl(scene.app.issuer, parameters));
    const answer = new URL(page.headers.get('location') ?? '').searchParams;
    expect(answer.get('error')).toBe(error);
    expect(answer.get('state')).toBe(scene.client.parameters['state']);
    expect(answer.getAll('iss')).toEqual([scene.app.issuer]);
  });

  test('R67: a scope that does not exist here is left out', async () => {
    const tokens = await scene.signIn({ scope: 'openid rucio:write admin' });
    expect(tokens.scope).toBe('rucio:read rucio:write');
  });

  test('T14 R64 R65: mix-up: iss is in every answer: code, denial, Rucio down', async () => {
    const answers = [answerIn(await scene.finished())];
    answers.push(answerIn(await scene.browser.submit(await scene.start(), { decision: 'deny' })));
    scene.rucio.server.on(
      'GET /auth/oidc',
      rucioError(500, 'CannotAuthenticate', 'Traceback /opt/rucio'),
    );
    const down = await scene.browser.submit(await scene.start(), { decision: 'allow' });
    expect(down.text).not.toContain('Traceback');
    answers.push(answerIn(down));
    expect(answers.map((it) => it.getAll('iss'))).toEqual([
      [scene.app.issuer],
      [scene.app.issuer],
      [scene.app.issuer],
    ]);
    expect(answers.map((it) => it.get('state'))).toEqual(
      Array(3).fill(scene.client.parameters['state']),
    );
    expect(answers.map((it) => it.get('error'))).toEqual([
      null,
      'access_denied',
      'temporarily_unavailable',
    ]);
  });
});
