import { formOf, linkOf } from './browser';
import { type Tokens, mcp, redeem, tokenRequest } from './oidc-app';
import { Scene, codeOf } from './scene';
import { FETCH_KEY, STUB_TOKEN } from './stub-rucio';

test('T17 R83: token leakage: a whole login at level trace leaves no secret in log and metrics', async () => {
  const scene = await Scene.open({
    change: (document) => ({ ...document, logLevel: 'trace' }),
  });
  try {
    const { app, browser, client, rucio } = scene;
    rucio.signIn('jdoe');
    const consent = await scene.start();
    const bridge = await browser.submit(consent, { decision: 'allow' });
    const account = await browser.submit(bridge);
    const code = codeOf(await browser.submit(account, { decision: 'continue' }));
    const tokens = (await redeem(app.issuer, client, code)).body as unknown as Tokens;
    const call = { name: 'rucio_whoami', arguments: {} };
    await mcp(app.issuer, tokens.access_token, 'tools/call', call);
    const refresh = { grant_type: 'refresh_token', client_id: client.id };
    const { refresh_token } = tokens;
    const renewed = await tokenRequest(app.issuer, { ...refresh, refresh_token });
    await redeem(app.issuer, client, code);
    rucio.endSessions();
    await mcp(app.issuer, String(renewed.body['access_token']), 'tools/call', call);

    await fetch(`${app.issuer}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: client.id,
        token: String(renewed.body['refresh_token']),
      }),
    });
    // One of each step: request, consent, sign-in.
    expect(new Set(browser.cookieValues).size).toBe(3);

    const secrets = [
      STUB_TOKEN,
      FETCH_KEY,
      linkOf(bridge, /Sign in/),
      code,
      client.verifier,
      tokens.access_token,
      refresh_token,
      renewed.body['access_token'],
      renewed.body['refresh_token'],
      formOf(consent).inputs['csrf'],
      formOf(consent).inputs['txn'],
      ...browser.cookieValues,
    ].map(String);
    expect(secrets.filter((secret) => secret.length < 20)).toEqual([]);
    const metrics = await app.app.metrics.inject({ url: '/metrics' });
    const written = app.log.join('') + metrics.body;
    expect(written).toContain('"event":"token_issued"');
    expect(written).toContain('rucio_mcp_http_requests_total');
    expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  } finally {
    await scene.close();
  }
});
