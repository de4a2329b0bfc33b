import { answerOf } from '../support/test-app';
import { describeWith } from '../support/requirements';
import { Browser, type SeenPage, linkOf } from './browser';
import {
  type OidcApp,
  type TestClient,
  type Tokens,
  answerIn,
  authorizeUrl,
  mcp,
  redeem,
  registerTestClient,
  startOidcApp,
  tokenRequest,
} from './oidc-app';
import { type RealLogin, startRealLogin } from './real-login';

describeWith('real-rucio', 'users sign in at a real Rucio and a real identity provider', (dir) => {
  let login: RealLogin;
  let poll: OidcApp;
  let code: OidcApp;

  beforeAll(async () => {
    login = await startRealLogin(dir, { 'person-1': 'jdoe' });
    poll = await startOidcApp(login.url);
    code = await startOidcApp(login.url, { login: 'code' });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([poll.close(), code.close()]);
    await login.close();
  });

  /** Signs in at the provider, from Rucio's login URL to Rucio's last page. */
  async function signInAtProvider(browser: Browser, bridge: SeenPage): Promise<SeenPage> {
    const page = await browser.click(bridge, /Sign in at Site one/);
    return browser.submit(page, { person: 'person-1' });
  }

  async function consent(browser: Browser, app: OidcApp, client: TestClient): Promise<SeenPage> {
    const page = await browser.open(authorizeUrl(app.issuer, client.parameters));
    expect(page.status).toBe(200);
    return browser.submit(page, { decision: 'allow' });
  }

  async function whoami(app: OidcApp, token: string): Promise<unknown> {
    const response = await mcp(app.issuer, token, 'tools/call', {
      name: 'rucio_whoami',
      arguments: {},
    });
    return (await answerOf(response))['result'];
  }

  test('poll mode: consent, sign-in, account, code, tokens, a tool call, refresh, sign-out', async () => {
    const client = await registerTestClient(poll.issuer);
    const browser = new Browser();
    const bridge = await consent(browser, poll, client);
    expect(bridge.url.pathname).toBe('/site/one/bridge');

    const done = await signInAtProvider(browser, bridge);
    expect(done.status).toBe(200);
    const account = await browser.submit(bridge);
    expect(account.text).toContain('Continue as jdoe');
    const left = await browser.submit(account, { decision: 'continue' });
    const answer = answerIn(left);
    expect(answer.get('state')).toBe(client.parameters['state']);
    expect(answer.get('iss')).toBe(poll.issuer);
    await browser.close();

    const issued = await redeem(poll.issuer, client, answer.get('code') ?? '');
    expect(issued).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    const tokens = issued.body as unknown as Tokens;
    expect(tokens.scope).toBe('rucio:read rucio:write');
    expect(tokens.expires_in).toBeGreaterThan(3000);
    expect(await whoami(poll, tokens.access_token)).toMatchObject({
      structuredContent: { account: 'jdoe' },
    });

    const refresh = { grant_type: 'refresh_token', client_id: client.id };
    const refreshed = await tokenRequest(poll.issuer, {
      ...refresh,
      refresh_token: tokens.refresh_token,
    });
    expect(refreshed.status).toBe(200);
    const next = refreshed.body as unknown as Tokens;
    expect(await whoami(poll, next.access_token)).toMatchObject({
      structuredContent: { account: 'jdoe' },
    });

    await fetch(`${poll.issuer}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: next.refresh_token, client_id: client.id }),
    });
    expect((await mcp(poll.issuer, next.access_token, 'tools/list')).status).toBe(401);
  }, 60_000);

  test('T4: forwarded login URL: in code mode the URL alone leads to no token; the pasted code does', async () => {
    const client = await registerTestClient(code.issuer);
    const browser = new Browser();
    const bridge = await consent(browser, code, client);
    const done = await signInAtProvider(browser, bridge);
    const pasted = /\b[A-Za-z0-9]{50}\b/.exec(done.text)?.[0] ?? '';
    expect(pasted).toHaveLength(50);

    expect((await browser.submit(bridge, { code: '' })).text).toContain('That is not the code');
    const fetchKey = new URL(linkOf(bridge, /Sign in/)).search.slice(1);
    expect((await browser.submit(bridge, { code: fetchKey })).text).toContain('not the code');
    const account = await browser.submit(bridge, { code: ` ${pasted}\n` });
    expect(account.text).toContain('Continue as jdoe');
    const left = await browser.submit(account, { decision: 'continue' });
    await browser.close();
    const issued = await redeem(code.issuer, client, answerIn(left).get('code') ?? '');
    expect(await whoami(code, String(issued.body['access_token']))).toMatchObject({
      structuredContent: { account: 'jdoe' },
    });
  }, 60_000);
});
