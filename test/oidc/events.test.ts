import { AUTH_LIMITS } from '../../lib/contract/auth-limits';
import { OAUTH_EVENTS, OAUTH_REASONS } from '../../lib/contract/oauth-events';
import { redeem, registerTestClient, tokenRequest } from './oidc-app';
import { Scene, codeOf } from './scene';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ change: (document) => ({ ...document, logLevel: 'info' }) });
});
afterEach(() => scene.close());

/** Events of the site `one` with their number, as Prometheus reads them. */
async function counted(): Promise<Record<string, number>> {
  const { body } = await scene.app.app.metrics.inject('/metrics');
  const found = [
    ...body.matchAll(
      /^rucio_mcp_oauth_events_total\{site="(\w+)",event="(\w+)",reason="(\w+)"\} (\d+)$/gm,
    ),
  ];
  return Object.fromEntries(
    found.map(([, , event = '', reason = '', count]) => [
      reason === 'none' ? event : `${event} ${reason}`,
      Number(count),
    ]),
  );
}

const logged = () => scene.app.log.map((line) => JSON.parse(line) as Record<string, unknown>);

const audited = () =>
  logged().flatMap(({ audit }) => (audit === undefined ? [] : [audit as Record<string, unknown>]));

const refreshed = (token: string) =>
  tokenRequest(scene.app.issuer, {
    grant_type: 'refresh_token',
    client_id: scene.client.id,
    refresh_token: token,
  });

test('a login, a renewal and a sign-out are counted step by step, and audited', async () => {
  const tokens = await scene.signIn();
  const renewed = await refreshed(tokens.refresh_token);
  await fetch(`${scene.app.issuer}/revoke`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: scene.client.id,
      token: String(renewed.body['refresh_token']),
    }),
  });
  expect(await counted()).toEqual({
    client_registered: 1,
    login_started: 1,
    login_consented: 1,
    login_signed_in: 1,
    login_completed: 1,
    token_issued: 1,
    token_refreshed: 1,
    token_revoked: 1,
  });
  expect(audited()).toEqual([
    { event: 'client_registered', site: 'one', client: 'Test client' },
    { event: 'login_completed', site: 'one', account: 'jdoe', client: 'Test client' },
    { event: 'token_issued', site: 'one', account: 'jdoe', client: 'Test client' },
    { event: 'token_refreshed', site: 'one', account: 'jdoe', client: 'Test client' },
    { event: 'token_revoked', site: 'one', account: 'jdoe', client: 'Test client' },
  ]);
});

test('each line of the audit log has the id of the request that it is about', async () => {
  const tokens = await scene.signIn();
  await Promise.all([refreshed(tokens.refresh_token), redeem(scene.app.issuer, scene.client, 'x')]);
  await scene.start({ client_id: 'nobody' });
  const routeOf = (id: unknown) =>
    logged().find(({ reqId, route }) => reqId === id && route)?.['route'];
  const found = logged().flatMap(({ audit, reqId }) =>
    audit === undefined ? [] : [`${(audit as { event: string }).event} ${String(routeOf(reqId))}`],
  );
  expect(found.toSorted()).toEqual([
    'client_registered /site/one/register',
    'login_completed /site/one/bridge/finish',
    'login_refused /site/one/authorize',
    'token_issued /site/one/token',
    'token_refreshed /site/one/token',
    'token_refused /site/one/token',
  ]);
});

test('what is refused is counted by its reason, and says why in the audit log', async () => {
  const code = codeOf(await scene.finished());
  await redeem(scene.app.issuer, scene.client, 'made-up');
  await redeem(scene.app.issuer, scene.client, code, { grant_type: 'password' });
  await scene.browser.submit(await scene.start(), { decision: 'deny' });
  await scene.start({ response_type: 'token' });
  await scene.start({ client_id: 'nobody' });
  await registerTestClient(scene.app.issuer, { redirect_uris: ['http://evil.example/'] });
  expect(await counted()).toMatchObject({
    'token_refused invalid_grant': 1,
    'token_refused unsupported_grant_type': 1,
    'login_refused access_denied': 1,
    'login_refused unsupported_response_type': 1,
    'login_refused invalid_request': 1,
    'registration_refused invalid_redirect_uri': 1,
  });
  const details = audited().flatMap(({ detail }) => (detail === undefined ? [] : [detail]));
  expect(details).toContain('the code is not valid any more');
});

test('a Rucio that is down ends the login as temporarily_unavailable', async () => {
  const consent = await scene.start();
  await scene.rucio.close();
  const page = await scene.browser.submit(consent, { decision: 'allow' });
  expect(page.status).toBe(503);
  expect(await counted()).toMatchObject({ 'login_refused temporarily_unavailable': 1 });
});

test('T24: label flooding: nothing that a client sends becomes a label', async () => {
  await scene.start({ client_id: 'label-a', scope: 'label-b', state: 'label-c' });
  await tokenRequest(scene.app.issuer, { grant_type: 'label-d', client_id: 'label-e' });
  await fetch(`${scene.app.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'label-f', redirect_uris: ['label-g'] }),
  });
  await fetch(`${scene.app.url}/label-h/label-i`, { method: 'LINK' }).catch(() => undefined);
  const { body } = await scene.app.app.metrics.inject('/metrics');
  expect(body).not.toContain('label-');
  for (const [, event = '', reason = ''] of body.matchAll(/event="([^"]*)",reason="([^"]*)"/g)) {
    expect(Object.keys(OAUTH_EVENTS)).toContain(event);
    expect(OAUTH_REASONS).toContain(reason);
  }
});

test('a flood from one address is refused with Retry-After, and counted', async () => {
  const answers = await Promise.all(
    Array.from({ length: AUTH_LIMITS.oauth.registrations + 10 }, () =>
      fetch(`${scene.app.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  const { body } = await scene.app.app.metrics.inject('/metrics');
  expect(body).toContain(
    `rucio_mcp_rate_limit_refusals_total{route="/site/one/register"} ${refused.length}`,
  );
});
