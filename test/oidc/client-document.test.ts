import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type FaultServer, json, rucioError, startFaultServer } from '../support/fault-server';
import { CALLBACK, answerIn, redeem } from './oidc-app';
import { Scene } from './scene';

const tls = (name: string) => readFileSync(join(__dirname, '../support/tls', name), 'utf8');

let documents: FaultServer;
let scene: Scene;
/** The URL is the id of the client. */
let id: string;
beforeEach(async () => {
  documents = await startFaultServer({
    tls: { key: tls('loopback-key.pem'), cert: tls('loopback-cert.pem') },
  });
  const port = Number(new URL(documents.url).port);
  id = `https://localhost:${port}/client.json`;
  scene = await Scene.open({
    clientDocuments: {
      ports: [port],
      ca: tls('loopback-cert.pem'),
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      mayConnect: () => true,
    },
  });
});
afterEach(async () => {
  await scene.close();
  await documents.close();
});

const describedAs = (document: object) => documents.on('GET /client.json', json(document));

test('R43: a client that is known by its metadata document signs its user in', async () => {
  describedAs({ client_id: id, client_name: 'Documented client', redirect_uris: [CALLBACK] });
  const consent = await scene.start({ client_id: id });
  expect(consent.text).toContain('Documented client');
  expect(consent.text).toContain('described at localhost');
  scene.rucio.signIn('jdoe');
  const bridge = await scene.browser.submit(consent, { decision: 'allow' });
  const account = await scene.browser.submit(bridge);
  const done = await scene.browser.submit(account, { decision: 'continue' });
  const code = answerIn(done).get('code') ?? '';
  const { status, body } = await redeem(scene.app.issuer, { ...scene.client, id }, code);
  expect(status).toBe(200);
  // One look at the document was enough for all of it.
  expect(documents.requests).toHaveLength(1);
  expect(body['scope']).toBe('rucio:read rucio:write');
});

test('a document of another client is of no use', async () => {
  describedAs({ client_id: `${id}?other`, client_name: 'Thief', redirect_uris: [CALLBACK] });
  const page = await scene.start({ client_id: id });
  expect(page.status).toBe(400);
  expect(page.text).not.toContain('Thief');
});

test('T8: an address that the document does not name gets nothing', async () => {
  describedAs({
    client_id: id,
    client_name: 'Client',
    redirect_uris: ['http://127.0.0.1:1/other'],
  });
  expect((await scene.start({ client_id: id })).status).toBe(400);
});

test.each([
  [
    'with several methods, none among them',
    { token_endpoint_auth_methods_supported: ['private_key_jwt', 'none'] },
  ],
  [
    'with a grant that is not served here',
    {
      grant_types: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
      ],
    },
  ],
  ['with a loopback address without a port', { redirect_uris: ['http://127.0.0.1/callback'] }],
  [
    'with fields that nobody here knows',
    { logo_uri: 'https://c.example/logo.png', contacts: ['x'] },
  ],
])('R50: a document %s is accepted', async (_what, change) => {
  describedAs({ client_id: id, client_name: 'Client', redirect_uris: [CALLBACK], ...change });
  expect((await scene.start({ client_id: id })).status).toBe(200);
});

test('T12: port scanner: whatever is wrong with a document, the page says the same', async () => {
  const pages = new Set<string>();
  const look = async (client_id: string) => {
    const page = await scene.start({ client_id });
    expect(page.status).toBe(400);
    pages.add(page.text.replaceAll(/nonce="[^"]*"/g, ''));
  };
  const closed = new URL(id);
  closed.port = '1';
  await look(closed.href);
  documents.on('GET /client.json', rucioError(500, 'Whatever', 'internal words'));
  await look(id);
  documents.on('GET /client.json', ({ response }) => void response.end('<html>an intranet</html>'));
  await look(id);
  documents.on('GET /client.json', ({ response }) => void response.destroy());
  await look(id);
  describedAs({ client_id: 'https://other.example/id', client_name: 'x', redirect_uris: ['y'] });
  await look(id);
  expect(pages.size).toBe(1);
});

test('R40: offline_access is asked of nobody', async () => {
  const metadata = await fetch(`${scene.app.url}/.well-known/oauth-protected-resource/site/one`);
  const refused = await fetch(scene.app.issuer, { method: 'POST' });
  const told = `${await metadata.text()} ${refused.headers.get('www-authenticate') ?? ''}`;
  expect(told).toContain('rucio:read');
  expect(told).not.toContain('offline_access');
});
