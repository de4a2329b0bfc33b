import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AUTH_LIMITS } from '../../lib/contract/auth-limits';
import type { ServerDocument } from '../../lib/contract/server-document';
import { Browser, formOf } from './browser';
import { CALLBACK, authorizeUrl, registerTestClient, tokenRequest } from './oidc-app';
import { Scene } from './scene';

const { clientAtAddress, client: ofClient, unknownClients, login, logins } = AUTH_LIMITS.oauth;
const SECRET = '0123456789abcdef0123456789abcdef';

let directory: string;
let scene: Scene;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-floods-'));
  const secretFile = join(directory, 'secret');
  await writeFile(secretFile, SECRET);
  const clients = [
    { clientId: 'portal', clientName: 'Portal', redirectUris: [CALLBACK], secretFile },
  ];
  scene = await Scene.open({
    change: (document) =>
      ({
        ...document,
        trustedProxies: ['*'],
        auth: { ...document.auth, clients },
      }) as ServerDocument,
  });
});
afterEach(async () => {
  await scene.close();
  await rm(directory, { recursive: true });
});

const ask = (change: Record<string, string>) =>
  tokenRequest(scene.app.issuer, {
    grant_type: 'refresh_token',
    refresh_token: 'made-up',
    ...change,
  });

async function flood(count: number, send: (index: number) => Promise<{ status: number }>) {
  const statuses: Record<number, number> = {};
  for (let index = 0; index < count; index += 1) {
    const { status } = await send(index);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

test('T22: one client floods the token endpoint: it gets 429, its neighbours do not', async () => {
  const loud = { client_id: scene.client.id };
  expect(await flood(clientAtAddress + 5, () => ask(loud))).toEqual({
    400: clientAtAddress,
    429: 5,
  });
  const refused = await ask(loud);
  expect(refused.body['error']).toBe('temporarily_unavailable');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const neighbour = await registerTestClient(scene.app.issuer);
  expect((await ask({ client_id: neighbour.id })).status).toBe(400);
  scene.now += Number(refused.headers.get('retry-after')) * 1000;
  expect((await ask(loud)).status).toBe(400);
});

test('T22: locking out a client by its public id, from many addresses: its users stay in', async () => {
  const url = authorizeUrl(scene.app.issuer, { client_id: 'portal' });
  const from = (host: number) => ({ headers: { 'x-forwarded-for': `192.0.2.${host}` } });
  const addresses = ofClient / clientAtAddress;
  const strangers = await flood(ofClient + 5, (index) => fetch(url, from(index % addresses)));
  expect(strangers[429]).toBe(5);
  // Even at one of their addresses.
  const proven = await fetch(`${scene.app.issuer}/token`, {
    method: 'POST',
    ...from(0),
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: 'made-up',
      client_id: 'portal',
      client_secret: SECRET,
    }),
  });
  expect(proven.status).toBe(400);
  expect((await fetch(url, from(addresses))).status).not.toBe(429);
}, 60_000);

test('many clients behind one address do not starve', async () => {
  const clients = await Promise.all(
    Array.from({ length: 100 }, () => registerTestClient(scene.app.issuer)),
  );
  for (const { parameters, id } of clients) {
    const page = await fetch(authorizeUrl(scene.app.issuer, parameters));
    expect(page.status).toBe(200);
    expect(await flood(3, () => ask({ client_id: id }))).toEqual({ 400: 3 });
  }
});

test('T12 T22: made-up clients flood: they share a small limit, and known ones have theirs', async () => {
  const made = await flood(unknownClients + 5, (index) => ask({ client_id: `made-up-${index}` }));
  expect(made).toEqual({ 401: unknownClients, 429: 5 });
  const page = await scene.browser.send(authorizeUrl(scene.app.issuer, { client_id: 'x' }));
  expect(page.status).toBe(429);
  expect(page.text).toContain('Too many requests');
  expect((await ask({ client_id: scene.client.id })).status).toBe(400);
  expect((await scene.start()).status).toBe(200);
});

test('T22 T28: spoofed X-Forwarded-For behind a proxy that appends: still one address', async () => {
  const made = await flood(unknownClients + 5, (index) =>
    fetch(authorizeUrl(scene.app.issuer, { client_id: 'x' }), {
      headers: { 'x-forwarded-for': `198.51.100.${index}, 192.0.2.1` },
    }),
  );
  expect(made[429]).toBe(5);
});

test('T22: flood from an IPv6 network, each time from another of its addresses: it is stopped', async () => {
  const from = (address: string) =>
    fetch(authorizeUrl(scene.app.issuer, { client_id: 'x' }), {
      headers: { 'x-forwarded-for': address },
    });
  const made = await flood(unknownClients + 5, (index) => from(`2001:db8:0:7::${index + 1}`));
  expect(made[429]).toBe(5);
  expect((await from('2001:db8:0:8::1')).status).not.toBe(429);
});

test('T22 T25: guessing the secret of a client: stopped, and the client itself is not', async () => {
  const portal = { client_id: 'portal' };
  const guesses = await flood(unknownClients + 5, (index) =>
    ask({ ...portal, client_secret: `guess-${index}` }),
  );
  expect(guesses).toEqual({ 401: unknownClients, 429: 5 });
  expect(await flood(5, () => ask({ ...portal, client_secret: SECRET }))).toEqual({ 400: 5 });
});

test('T22: a page that asks without end: its login is stopped, another one is not', async () => {
  const bridge = await scene.browser.submit(await scene.start(), { decision: 'allow' });
  const other = await scene.browser.submit(await scene.start(), { decision: 'allow' });
  const headers = { origin: scene.app.url, accept: 'application/json' };
  const look = (page: typeof bridge) => {
    const form = new URLSearchParams(formOf(page).inputs);
    return scene.browser.send(`${scene.app.issuer}/bridge/status`, headers, form);
  };
  const statuses = await flood(login, () => look(bridge));
  // Consent and page were steps of it too.
  expect(statuses).toEqual({ 200: login - 2, 429: 2 });
  expect((await look(other)).status).toBe(200);
});

test('T22: logins at Rucio are limited by address', async () => {
  const started = () => scene.rucio.server.seen('GET /auth/oidc').length;
  const clients = [scene.client, await registerTestClient(scene.app.issuer)];
  const statuses = await flood(logins + 5, async (index) => {
    const parameters = clients[index % 2]?.parameters ?? {};
    // A browser for each: their cookies would not fit into one request.
    const browser = new Browser();
    const consent = await browser.open(authorizeUrl(scene.app.issuer, parameters));
    const { action, inputs } = formOf(consent);
    const form = new URLSearchParams({ ...inputs, decision: 'allow' });
    const answer = await browser.send(
      new URL(action, consent.url),
      { origin: scene.app.url },
      form,
    );
    await browser.close();
    return answer;
  });
  expect(statuses).toEqual({ 303: logins, 429: 5 });
  expect(started()).toBe(logins);
}, 60_000);
