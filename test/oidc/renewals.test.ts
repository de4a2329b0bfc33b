import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ServerResponse, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Limits, type ServerDocument } from '../../lib/contract/server-document';
import { Site } from '../../lib/contract/sites';
import { MemoryGrantStore } from '../../server/auth/oauth/grant-store';
import { processKeyRing } from '../../server/auth/oauth/key-ring';
import { Renewals } from '../../server/auth/oauth/renewals';
import { RucioLogin } from '../../server/auth/oauth/rucio-login';
import { Vault } from '../../server/auth/oauth/vault';
import { connectSite } from '../../server/rucio/client';
import { CALLBACK, type Tokens, mcp, redeem, startOidcApp, tokenRequest } from './oidc-app';
import { CA_FILE } from '../support/tls/files';
import { Scene, codeOf } from './scene';
import { STUB_TOKEN } from './stub-rucio';

const GRANT = {
  client: 'x',
  clientName: 'Test client',
  clientIsConfigured: false,
  scope: 'rucio:read',
  account: 'jdoe',
  rucio: STUB_TOKEN,
  rucioExp: 4_000_000_000,
  renewable: true,
  family: 'family',
};
const LIFE = { ttlSeconds: 600 };

let scene: Scene;
afterEach(() => scene.close());

const refresh = (refresh_token: string) =>
  tokenRequest(scene.app.issuer, {
    grant_type: 'refresh_token',
    client_id: scene.client.id,
    refresh_token,
  });
const renewals = () => scene.rucio.server.seen('GET /auth/oidc_refresh').length;

/** Rucio answers the next renewal only when told to; later ones at once. */
function holdRenewal() {
  const renewed = (response: ServerResponse) =>
    void response.setHeader('X-Rucio-Auth-Token', STUB_TOKEN).end();
  let answer: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    scene.rucio.server.on('GET /auth/oidc_refresh', ({ response }) => {
      answer = () => renewed(response);
      scene.rucio.server.on('GET /auth/oidc_refresh', (later) => renewed(later.response));
      resolve();
    });
  });
  return { reached, answer: () => answer() };
}

describe('a refresh token', () => {
  beforeEach(async () => {
    scene = await Scene.open();
  });

  test('T31: used twice at once: both get tokens; a third use ends them', async () => {
    const { refresh_token } = await scene.signIn();
    const held = holdRenewal();
    const first = refresh(refresh_token);
    await held.reached;
    const second = refresh(refresh_token);
    held.answer();
    const answers = await Promise.all([first, second]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const tokens = answers.map(({ body }) => String(body['access_token']));
    for (const token of tokens) {
      expect((await mcp(scene.app.issuer, token, 'tools/list')).status).toBe(200);
    }
    await refresh(String(answers[1].body['refresh_token']));
    expect((await refresh(refresh_token)).body['error']).toBe('invalid_grant');
    expect((await mcp(scene.app.issuer, tokens[0], 'tools/list')).status).toBe(401);
  });

  test('T31: many uses at once: Rucio renews once, and all get the same session', async () => {
    scene.rucio.signIn('jdoe');
    const { url } = scene.rucio;
    const site = Site.parse({ name: 'one', rucioHost: url, authHost: url, caFile: CA_FILE });
    const { authHttp, close } = connectSite(site, Limits.parse({}));
    const clock = () => scene.now;
    const vault = new Vault('https://mcp.example.org/site/one', processKeyRing(), clock);
    const grants = new MemoryGrantStore(clock);
    const login = new RucioLogin({ site, http: authHttp, mode: 'poll', clock });
    const sealed = await vault.seal('refresh-token', { ...GRANT, generation: 1 }, LIFE);
    const token = await vault.open('refresh-token', sealed);
    if (token === undefined) throw new Error('the token does not open');
    const renewing = new Renewals();
    const deps = { grants, login, vault, clock };
    const all = await Promise.all(Array.from({ length: 20 }, () => renewing.renew(deps, token)));
    expect(new Set(all.map((it) => JSON.stringify(it))).size).toBe(1);
    expect(all[0]).toMatchObject({ outcome: 'renewed', generation: 2 });
    expect(renewals()).toBe(1);
    expect(await renewing.renew(deps, token)).toMatchObject({ outcome: 'renewed', generation: 3 });
    expect(await renewing.renew(deps, token)).toEqual({ outcome: 'replayed' });
    expect(renewals()).toBe(2);
    await close();
  });

  test('a network that fails in the middle locks nobody out: the client tries again', async () => {
    const { refresh_token } = await scene.signIn();
    const held = holdRenewal();
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: scene.client.id,
      refresh_token,
    }).toString();
    const dropped = request(`${scene.app.issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    dropped.end(body);
    const failed = once(dropped, 'error');
    await held.reached;
    dropped.destroy(new Error('the network is gone'));
    await failed;
    const again = refresh(refresh_token);
    held.answer();
    expect((await again).status).toBe(200);
    scene.rucio.signIn('jdoe');
    const { body: next } = await again;
    expect((await refresh(String(next['refresh_token']))).status).toBe(200);
  });

  test('Rucio down: nothing is used up', async () => {
    const { refresh_token } = await scene.signIn();
    scene.rucio.server.on('GET /auth/oidc_refresh', ({ socket }) => void socket.destroy());
    const refused = await refresh(refresh_token);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    scene.rucio.signIn('jdoe');
    expect((await refresh(refresh_token)).status).toBe(200);
  });
});

test('removed from the settings: a client loses all its tokens at once, and no other does', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-removed-'));
  const sealingKeysFile = join(directory, 'keys');
  await writeFile(sealingKeysFile, 'f0'.repeat(32));
  const withClients =
    (clients: object[]) =>
    (document: ServerDocument): ServerDocument =>
      ({ ...document, auth: { ...document.auth, clients, sealingKeysFile } }) as ServerDocument;
  const portal = {
    clientId: 'portal',
    clientName: 'Portal',
    redirectUris: [CALLBACK],
    secretFile: null,
  };
  scene = await Scene.open({ change: withClients([portal]) });
  const registered = await scene.signIn();
  const asPortal = { client_id: 'portal' };
  const code = codeOf(await scene.finished(asPortal));
  const client = { ...scene.client, id: 'portal' };
  const tokens = (await redeem(scene.app.issuer, client, code)).body as unknown as Tokens;

  // The next rollout, with the same keys and the same public URL.
  const next = await startOidcApp(scene.rucio.url, {
    clock: () => scene.now,
    change: (document) => ({ ...withClients([])(document), publicUrl: scene.app.url }),
  });
  try {
    const at = `${next.url}/site/one`;
    const renew = (client_id: string, refresh_token: string) =>
      tokenRequest(at, { grant_type: 'refresh_token', client_id, refresh_token });
    const refused = await renew('portal', tokens.refresh_token);
    expect([refused.status, refused.body['error']]).toEqual([401, 'invalid_client']);
    expect((await mcp(at, tokens.access_token, 'tools/list')).status).toBe(401);
    expect((await renew(scene.client.id, tokens.refresh_token)).body['error']).toBe(
      'invalid_grant',
    );
    expect((await mcp(at, registered.access_token, 'tools/list')).status).toBe(200);
    expect((await renew(scene.client.id, registered.refresh_token)).status).toBe(200);
  } finally {
    await next.close();
    await rm(directory, { recursive: true });
  }
});
