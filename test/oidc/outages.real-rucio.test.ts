import { describeWith } from '../support/requirements';
import { answerOf } from '../support/test-app';
import { Browser, type SeenPage, formOf } from './browser';
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
import { codeOf } from './scene';

const DOWN = 'Rucio can not sign anybody in at the moment';

describeWith('real-rucio', 'a real Rucio or identity provider that is down', (dir) => {
  let login: RealLogin;
  let app: OidcApp;
  let client: TestClient;
  let browser: Browser;
  /** Rucio is asked once a second for one login: no test waits for the next. */
  let ahead = 0;

  beforeAll(async () => {
    login = await startRealLogin(dir, { 'person-1': 'jdoe' });
    app = await startOidcApp(login.url, { clock: () => Date.now() + ahead });
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await login.close();
  });
  beforeEach(async () => {
    client = await registerTestClient(app.issuer);
    browser = new Browser();
  });
  afterEach(() => browser.close());

  const start = (at = app, who = client) => browser.open(authorizeUrl(at.issuer, who.parameters));
  const allow = async () => browser.submit(await start(), { decision: 'allow' });

  /** At the provider, to Rucio's last page or wherever `by` stops. */
  async function signIn(bridge: SeenPage, by = browser): Promise<SeenPage> {
    let page = await by.click(bridge, /Sign in at Site one/);
    if (page.text.includes('value="person-1"')) {
      page = await by.submit(page, { person: 'person-1' });
    }
    return page;
  }

  /** The button of the waiting page. */
  function comeBack(bridge: SeenPage): Promise<SeenPage> {
    ahead += 1000;
    return browser.submit(bridge);
  }

  async function account(): Promise<SeenPage> {
    const bridge = await allow();
    await signIn(bridge);
    return comeBack(bridge);
  }

  async function tokens(): Promise<Tokens> {
    const done = await browser.submit(await account(), { decision: 'continue' });
    return (await redeem(app.issuer, client, codeOf(done))).body as unknown as Tokens;
  }

  const refresh = ({ refresh_token }: Tokens) =>
    tokenRequest(app.issuer, {
      grant_type: 'refresh_token',
      client_id: client.id,
      refresh_token,
    });

  /** What the script of the waiting page is told. */
  async function state(bridge: SeenPage): Promise<unknown> {
    ahead += 1000;
    const { action, inputs } = formOf(bridge);
    const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
    const url = new URL(action, bridge.url);
    return JSON.parse((await browser.send(url, headers, new URLSearchParams(inputs))).text);
  }

  /** The page says what has happened, without Rucio's own words, and leads back to the client. */
  function expectUnavailable(page: SeenPage): void {
    expect(page.status).toBe(503);
    expect(page.text).toContain(DOWN);
    expect(page.text).not.toMatch(/Traceback|site-packages|ECONN|127\.0\.0\.1:(?!1\/)/);
    const answer = answerIn(page);
    expect(answer.get('error')).toBe('temporarily_unavailable');
    expect(answer.get('state')).toBe(client.parameters['state']);
    expect(answer.getAll('iss')).toEqual([app.issuer]);
  }

  test('Rucio down at the consent: asked nothing before, and the next login works', async () => {
    await login.rucio.kill();
    const consent = await start();
    expect(consent.status).toBe(200);
    expectUnavailable(await browser.submit(consent, { decision: 'allow' }));
    await login.rucio.restart();
    expect((await account()).text).toContain('Continue as jdoe');
  }, 60_000);

  test('Rucio hangs at the consent', async () => {
    const impatient = await startOidcApp(login.url, {
      change: (document) => ({ ...document, limits: { ...document.limits, rucioSeconds: 1 } }),
    });
    try {
      const other = await registerTestClient(impatient.issuer);
      const consent = await start(impatient, other);
      await login.rucio.pause();
      const page = await browser.submit(consent, { decision: 'allow' });
      expect(page.status).toBe(503);
      expect(page.text).toContain(DOWN);
      expect(answerIn(page).get('error')).toBe('temporarily_unavailable');
    } finally {
      await login.rucio.resume();
      await impatient.close();
    }
  }, 60_000);

  test('Rucio restarts while the user signs in: the page tells, and the same login goes on', async () => {
    const bridge = await allow();
    await login.rucio.kill();
    expect(await state(bridge)).toEqual({ state: 'rucio down' });
    await login.rucio.restart();
    expect(await state(bridge)).toEqual({ state: 'waiting' });
    await signIn(bridge);
    expect((await comeBack(bridge)).text).toContain('Continue as jdoe');
  }, 60_000);

  test('Rucio down when the user comes back, and when the account is confirmed', async () => {
    const bridge = await allow();
    await signIn(bridge);
    await login.rucio.kill();
    expectUnavailable(await comeBack(bridge));
    await login.rucio.restart();
    const confirm = await account();
    await login.rucio.kill();
    expectUnavailable(await browser.submit(confirm, { decision: 'continue' }));
    await login.rucio.restart();
  }, 60_000);

  test('Rucio down after the login: a code is redeemed, a refresh token waits for better times', async () => {
    const done = await browser.submit(await account(), { decision: 'continue' });
    await login.rucio.kill();
    const issued = (await redeem(app.issuer, client, codeOf(done))).body as unknown as Tokens;
    const call = { name: 'rucio_whoami', arguments: {} };
    const answer = await mcp(app.issuer, issued.access_token, 'tools/call', call);
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answerOf(answer))).toContain('[RUCIO_DOWN]');
    const refused = await refresh(issued);
    expect([refused.status, refused.body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect(refused.headers.get('retry-after')).toBe('30');
    await login.rucio.restart();
    expect((await refresh(issued)).status).toBe(200);
  }, 60_000);

  test('the provider hangs: the page waits, and the same link works when it is back', async () => {
    const bridge = await allow();
    login.provider.signal('SIGSTOP');
    try {
      expect(await state(bridge)).toEqual({ state: 'waiting' });
      const pressed = await comeBack(bridge);
      expect(pressed.text).toContain('Rucio does not know of your sign-in yet');
    } finally {
      login.provider.signal('SIGCONT');
    }
    await signIn(bridge);
    expect((await comeBack(bridge)).text).toContain('Continue as jdoe');
  }, 60_000);

  // The last one: the provider does not come back.
  test('the provider is gone: at its callback, at a renewal, and at the consent', async () => {
    const issued = await tokens();
    const bridge = await allow();
    const atProvider = new Browser(`${login.url}/auth/oidc_code`);
    const callback = await signIn(bridge, atProvider);
    await atProvider.close();
    expect(callback.url.searchParams.get('code')).not.toBeNull();
    await login.provider.close();

    const failed = await browser.open(callback.url);
    expect(failed.status).toBeGreaterThanOrEqual(400);
    expect((await comeBack(bridge)).text).toContain('does not know of your sign-in yet');

    await login.ageSessions();
    const refused = await refresh(issued);
    expect([refused.status, refused.body['error']]).toEqual([503, 'temporarily_unavailable']);
    const call = { name: 'rucio_whoami', arguments: {} };
    const answer = await answerOf(await mcp(app.issuer, issued.access_token, 'tools/call', call));
    expect(answer['result']).toMatchObject({ structuredContent: { account: 'jdoe' } });

    // A Rucio that starts without its provider can begin no login.
    await login.rucio.restart();
    expectUnavailable(await allow());
  }, 60_000);
});
