import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { discoverAuthorizationServerMetadata } from '@modelcontextprotocol/client';

import type { ServerDocument } from '../../lib/contract/server-document';
import { eventually } from '../support/eventually';
import { testDocument } from '../support/test-document';
import { buildApp } from '../../server/app';
import { Metrics } from '../../server/plugins/metrics';
import { CALLBACK, mcp } from './oidc-app';
import { Scene, codeOf } from './scene';

/** With everything that a form encodes. */
const SECRET = 'p%q+r:s é/=&?-0123456789abcdef0123456789';
const PORTAL = { clientId: 'grid-portal', clientName: 'Grid portal', redirectUris: [CALLBACK] };

let directory: string;
let secretFile: string;
let scene: Scene;

const withClients =
  (clients: object[]) =>
  (document: ServerDocument): ServerDocument =>
    ({ ...document, auth: { ...document.auth, clients } }) as ServerDocument;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-clients-'));
  secretFile = join(directory, 'client-secret');
  await writeFile(secretFile, `${SECRET}\n`);
  scene = await Scene.open({ change: withClients([{ ...PORTAL, secretFile }]) });
  scene.client = { ...scene.client, id: PORTAL.clientId };
});
afterEach(async () => {
  await scene.close();
  await rm(directory, { recursive: true });
});

const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`;

async function post(
  endpoint: 'token' | 'revoke',
  parameters: Record<string, string>,
  authorization?: string,
) {
  const response = await fetch(`${scene.app.issuer}/${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    ...(authorization === undefined ? {} : { headers: { authorization } }),
  });
  const body = (await response.json()) as Record<string, string>;
  return { status: response.status, error: body['error'], body, headers: response.headers };
}

const grant = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  code_verifier: scene.client.verifier,
  redirect_uri: CALLBACK,
});
const asPortal = { client_id: PORTAL.clientId };
const newCode = async () => codeOf(await scene.finished(asPortal));
const renewal = (token: string | undefined) => ({
  grant_type: 'refresh_token',
  refresh_token: token ?? '',
});

test.each([
  ['client_secret_basic', {}, basic(PORTAL.clientId, SECRET)],
  ['client_secret_basic, named in the body too', asPortal, basic(PORTAL.clientId, SECRET)],
  ['client_secret_post', { ...asPortal, client_secret: SECRET }, undefined],
])('%s: gets, renews and withdraws tokens', async (_name, proof, authorization) => {
  const issued = await post('token', { ...grant(await newCode()), ...proof }, authorization);
  expect(issued.status).toBe(200);
  const refresh = { ...renewal(issued.body['refresh_token']), ...proof };
  const renewed = await post('token', refresh, authorization);
  expect(renewed.status).toBe(200);
  const token = renewed.body['access_token'] ?? '';
  expect((await mcp(scene.app.issuer, token, 'tools/list')).status).toBe(200);
  expect((await post('revoke', { token, ...proof }, authorization)).status).toBe(200);
  expect((await mcp(scene.app.issuer, token, 'tools/list')).status).toBe(401);
});

test('R75: a client without its proof: 401 invalid_client, and the code stays good', async () => {
  const code = await newCode();
  const wrong: [Record<string, string>, string | undefined][] = [
    [asPortal, undefined],
    [{ ...asPortal, client_secret: SECRET.slice(1) }, undefined],
    [{}, basic(PORTAL.clientId, 'x'.repeat(40))],
    [{}, basic('nobody', SECRET)],
    [{}, `Basic ${Buffer.from(PORTAL.clientId).toString('base64')}`],
    [{}, `Basic ${Buffer.from(`${PORTAL.clientId}:%zz`).toString('base64')}`],
    [{}, `Bearer ${SECRET}`],
    [{ ...asPortal, client_assertion: 'x', client_secret: SECRET }, undefined],
  ];
  for (const [proof, authorization] of wrong) {
    for (const endpoint of ['token', 'revoke'] as const) {
      const refused = await post(endpoint, { ...grant(code), token: 'x', ...proof }, authorization);
      expect([refused.status, refused.error]).toEqual([401, 'invalid_client']);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(refused.headers.get('cache-control')).toBe('no-store');
    }
  }
  expect((await post('token', grant(code), basic(PORTAL.clientId, SECRET))).status).toBe(200);
});

test('two proofs at once, or two names, are no request', async () => {
  const code = await newCode();
  const authorization = basic(PORTAL.clientId, SECRET);
  const more: Record<string, string>[] = [{ client_secret: SECRET }, { client_id: 'another' }];
  for (const change of more) {
    const refused = await post('token', { ...grant(code), ...change }, authorization);
    expect([refused.status, refused.error]).toEqual([400, 'invalid_request']);
  }
});

test('stolen refresh token: without the secret it renews nothing, and withdraws nothing', async () => {
  const authorization = basic(PORTAL.clientId, SECRET);
  const { body } = await post('token', grant(await newCode()), authorization);
  const token = body['refresh_token'] ?? '';
  expect((await post('token', { ...renewal(token), ...asPortal })).error).toBe('invalid_client');
  expect((await post('revoke', { token, ...asPortal })).error).toBe('invalid_client');
  expect((await post('token', renewal(token), authorization)).status).toBe(200);
});

test('T26: a secret is rotated in its file, without a restart; a broken edit changes nothing', async () => {
  const next = '0123456789abcdef0123456789abcdef';
  const write = async (content: string, at: number) => {
    await writeFile(secretFile, content);
    await utimes(secretFile, at, at);
  };
  const status = async (secret: string) =>
    (await post('revoke', { token: 'x' }, basic(PORTAL.clientId, secret))).status;
  await write(`${next}\n${SECRET}\n`, 1000);
  await eventually(async () => (await status(next)) === 200);
  expect(await status(SECRET)).toBe(200);
  await write(next, 2000);
  await eventually(async () => (await status(SECRET)) === 401);
  await write('short', 3000);
  expect(await status(next)).toBe(200);
  expect(await status('short')).toBe(401);
});

test('R37 R38: the metadata announces the methods, for the client of the SDK too', async () => {
  const methods = ['none', 'client_secret_basic', 'client_secret_post'];
  expect(await discoverAuthorizationServerMetadata(scene.app.issuer)).toMatchObject({
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
  });
});

test('T17: the secret is in no log', async () => {
  await post('token', grant(await newCode()), basic(PORTAL.clientId, SECRET));
  await post('token', { ...asPortal, client_secret: `${SECRET}x`, grant_type: 'x', code: 'x' });
  expect(scene.app.log.join('\n')).not.toContain(SECRET);
});

test('weak secret: the server does not start, and does not show it', async () => {
  await writeFile(secretFile, 'hunter2');
  const made = await testDocument('http://127.0.0.1:1', (document) => ({
    ...document,
    publicUrl: 'https://mcp.example.org',
    auth: {
      mode: 'oidc',
      tokenFormat: 'jwe',
      login: 'poll',
      clients: [{ ...PORTAL, secretFile }],
      sealingKeysFile: null,
      redis: null,
    },
  }));
  const starting = buildApp(made.document, new Metrics());
  await expect(starting).rejects.toThrow(/fewer than 32 characters/);
  await expect(starting).rejects.not.toThrow(/hunter2/);
  await made.cleanUp();
});
