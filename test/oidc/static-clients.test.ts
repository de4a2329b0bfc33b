import type { ServerDocument } from '../../lib/contract/server-document';
import { readServerDocument } from '../../lib/contract/server-document';
import { testDocument } from '../support/test-document';
import { CALLBACK, mcp, redeem, registerTestClient, tokenRequest } from './oidc-app';
import { Scene, codeOf } from './scene';

const PORTAL = {
  clientId: 'grid-portal',
  clientName: 'Grid portal',
  redirectUris: [CALLBACK],
  secretFile: null,
};

/** A document in `oidc` mode with these clients. */
function withClients(document: ServerDocument, clients: object[]): unknown {
  return {
    ...document,
    publicUrl: 'https://mcp.example.org',
    auth: {
      mode: 'oidc',
      login: 'poll',
      tokenFormat: 'jwe',
      clients,
      sealingKeysFile: null,
      redis: null,
    },
  };
}

describe('a client of the settings', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open({
      change: (document) =>
        document.auth.mode === 'oidc'
          ? { ...document, auth: { ...document.auth, clients: [PORTAL] } }
          : document,
    });
    scene.client = { ...scene.client, id: PORTAL.clientId };
  });
  afterEach(() => scene.close());

  const asPortal = { client_id: PORTAL.clientId };

  test('R56: signs in, renews and calls without registration; the user sees who vouches for it', async () => {
    const consent = await scene.start(asPortal);
    expect(consent.text).toContain('Grid portal');
    expect(consent.text).toContain('known to the operators of this server');
    const code = codeOf(await scene.finished(asPortal));
    const { status, body } = await redeem(scene.app.issuer, scene.client, code);
    expect(status).toBe(200);
    const renewed = await tokenRequest(scene.app.issuer, {
      ...asPortal,
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    });
    expect(renewed.status).toBe(200);
    const called = await mcp(scene.app.issuer, String(renewed.body['access_token']), 'tools/list');
    expect(called.status).toBe(200);
  });

  test.each([
    'http://127.0.0.1:1/callback/',
    'http://127.0.0.1:1/callback?next=https://evil.example',
    'https://evil.example/callback',
  ])('T8: the answer does not go to %s, which is not in the settings', async (redirect) => {
    const page = await scene.start({ ...asPortal, redirect_uri: redirect });
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
  });

  test('T6: a code of it is worth nothing to another client', async () => {
    const code = codeOf(await scene.finished(asPortal));
    const { status, body } = await redeem(scene.app.issuer, scene.client, code, {
      client_id: (await registerTestClient(scene.app.issuer)).id,
    });
    expect([status, body['error']]).toEqual([400, 'invalid_grant']);
  });
});

test('clients are checked as a whole before the server starts', async () => {
  const made = await testDocument('http://127.0.0.1:1');
  try {
    const result = readServerDocument(
      withClients(made.document, [
        PORTAL,
        { ...PORTAL, clientName: 'Again' },
        { ...PORTAL, clientId: 'r.taken', redirectUris: ['http://evil.example/cb'] },
        { ...PORTAL, clientId: 'https://evil.example', clientName: ' \u202e' },
        { ...PORTAL, clientId: 'no-address', redirectUris: [] },
      ]),
    );
    const paths = result.ok ? [] : result.issues.map(({ path }) => path.join('.'));
    expect(paths.toSorted()).toEqual([
      'auth.clients.1.clientId',
      'auth.clients.2.clientId',
      'auth.clients.2.redirectUris.0',
      'auth.clients.3.clientId',
      'auth.clients.3.clientName',
      'auth.clients.4.redirectUris',
    ]);
  } finally {
    await made.cleanUp();
  }
});
