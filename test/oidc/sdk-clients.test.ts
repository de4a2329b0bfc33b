import * as v2 from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';

import { linkOf } from './browser';
import { CALLBACK } from './oidc-app';
import { Scene } from './scene';
import { createSdkProvider } from './sdk-provider';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
  scene.rucio.signIn('jdoe');
});
afterEach(() => scene.close());

/** The user goes through the pages; the answer for the client. */
async function userSignsIn(url: string): Promise<URLSearchParams> {
  const { browser } = scene;
  const bridge = await browser.submit(await browser.open(url), { decision: 'allow' });
  const page = await browser.submit(await browser.submit(bridge), { decision: 'continue' });
  return new URL(linkOf(page, /Back to/)).searchParams;
}

const accountOf = (result: object) =>
  (result as { structuredContent?: { account?: string } }).structuredContent?.account;

test.each(['/site/one', '/site/one/'])(
  'the v1 SDK discovers, registers, signs in, calls and renews at %s',
  async (path) => {
    const { provider, tokens, authorizationUrl } = createSdkProvider(CALLBACK);
    const url = new URL(scene.app.url + path);
    const authProvider = provider as OAuthClientProvider;
    const first = new V1Transport(url, { authProvider });
    await expect(new V1Client({ name: 't', version: '1' }).connect(first)).rejects.toThrow(
      'Unauthorized',
    );
    const answer = await userSignsIn(authorizationUrl());
    await first.finishAuth(answer.get('code') ?? '');
    const client = new V1Client({ name: 't', version: '1' });
    await client.connect(new V1Transport(url, { authProvider }));
    const call = { name: 'rucio_whoami', arguments: {} };
    expect(accountOf(await client.callTool(call))).toBe('jdoe');

    const before = tokens();
    scene.now += 3_601_000;
    expect(accountOf(await client.callTool(call))).toBe('jdoe');
    expect(tokens().refresh_token).not.toBe(before.refresh_token);
    await client.close();
  },
);

test('the v2 SDK discovers, registers, checks iss, signs in, calls and renews', async () => {
  const { provider, tokens, authorizationUrl } = createSdkProvider(CALLBACK);
  const url = new URL(scene.app.issuer);
  const authProvider = provider as v2.OAuthClientProvider;
  const connect = async (transport: v2.StreamableHTTPClientTransport) => {
    const client = new v2.Client(
      { name: 't', version: '1' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(transport);
    return client;
  };
  const first = new v2.StreamableHTTPClientTransport(url, { authProvider });
  await expect(connect(first)).rejects.toThrow();
  await first.finishAuth(await userSignsIn(authorizationUrl()));
  const client = await connect(new v2.StreamableHTTPClientTransport(url, { authProvider }));
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  const call = { name: 'rucio_whoami', arguments: {} };
  expect(accountOf(await client.callTool(call))).toBe('jdoe');
  const before = tokens();
  scene.now += 3_601_000;
  expect(accountOf(await client.callTool(call))).toBe('jdoe');
  expect(tokens().refresh_token).not.toBe(before.refresh_token);
  await client.close();
});
