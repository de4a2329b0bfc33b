import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ServerDocument } from '../../lib/contract/server-document';
import { describeWith } from '../support/requirements';
import { type RedisServer, startRedis } from '../support/start-redis';
import { type OidcApp, type Tokens, mcp, redeem, startOidcApp, tokenRequest } from './oidc-app';
import { Scene, codeOf } from './scene';
import { sharedState } from './shared-state';

describeWith('redis', 'two pods whose clocks differ by nearly two minutes', (command) => {
  let redis: RedisServer;
  let directory: string;
  let scene: Scene;
  /** Another pod of the same deployment. */
  let ahead: OidcApp;

  beforeAll(async () => {
    redis = await startRedis(command);
    directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-skew-'));
    await writeFile(join(directory, 'keys'), 'f0'.repeat(32));
  });
  afterAll(async () => {
    await redis.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    const shared = (document: ServerDocument): ServerDocument => ({
      ...document,
      auth: sharedState(join(directory, 'keys'), redis.url),
    });
    scene = await Scene.open({ change: shared });
    ahead = await startOidcApp(scene.rucio.url, {
      clock: () => scene.now + 119_000,
      change: (document) => ({ ...shared(document), publicUrl: scene.app.url }),
    });
  });
  afterEach(async () => {
    await ahead.close();
    await scene.close();
  });

  const atAhead = () => `${ahead.url}/site/one`;
  const redeemAt = (issuer: string, code: string) =>
    redeem(issuer, scene.client, code, { resource: scene.app.issuer });

  test('a login that one begins ends at the other, and its tokens work at both', async () => {
    const { status, body } = await redeemAt(atAhead(), codeOf(await scene.finished()));
    expect(status).toBe(200);
    const tokens = body as unknown as Tokens;
    for (const url of [atAhead(), scene.app.issuer]) {
      expect((await mcp(url, tokens.access_token, 'tools/list')).status).toBe(200);
    }
    for (const [url, again] of [
      [scene.app.issuer, atAhead()],
      [atAhead(), scene.app.issuer],
    ] as const) {
      const renewed = await tokenRequest(url, {
        grant_type: 'refresh_token',
        client_id: scene.client.id,
        refresh_token: tokens.refresh_token,
      });
      // The second time it is the one before the last, which may be repeated once.
      expect(renewed.status).toBe(200);
      const { access_token: token } = renewed.body as unknown as Tokens;
      expect((await mcp(again, token, 'tools/list')).status).toBe(200);
    }
  });

  test('T31: one refresh token at two pods: Rucio renews once, and the other comes back', async () => {
    const tokens = (await redeemAt(scene.app.issuer, codeOf(await scene.finished())))
      .body as unknown as Tokens;
    const refreshAt = (issuer: string) =>
      tokenRequest(issuer, {
        grant_type: 'refresh_token',
        client_id: scene.client.id,
        refresh_token: tokens.refresh_token,
      });
    const rucio = scene.rucio.server;
    let answer: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      rucio.on('GET /auth/oidc_refresh', ({ response }) => {
        answer = () => void response.setHeader('X-Rucio-Auth-Token', 'renewed-token').end();
        resolve();
      });
    });
    const first = refreshAt(scene.app.issuer);
    await reached;
    const second = await refreshAt(atAhead());
    expect([second.status, second.body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect(second.headers.get('retry-after')).toBe('1');
    answer();
    expect((await first).status).toBe(200);
    expect(rucio.seen('GET /auth/oidc_refresh')).toHaveLength(1);
    scene.rucio.signIn('jdoe');
    const again = await refreshAt(atAhead());
    expect(again.status).toBe(200);
  });

  test('T6: code replay: a code stays used for as long as any pod would open it', async () => {
    const code = codeOf(await scene.finished());
    expect((await redeemAt(atAhead(), code)).status).toBe(200);
    // Still opened by the pod that is behind, two minutes after its end.
    scene.now += 175_000;
    const replayed = await redeemAt(scene.app.issuer, code);
    expect(replayed.body['error_description']).toBe('the code was used before');
  });

  test('what has ended for longer than the clocks may differ is refused by both', async () => {
    const code = codeOf(await scene.finished());
    scene.now += 60_000 + 121_000;
    for (const issuer of [atAhead(), scene.app.issuer]) {
      expect((await redeemAt(issuer, code)).body['error']).toBe('invalid_grant');
    }
  });
});
