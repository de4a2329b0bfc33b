import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type FaultServer, json, startFaultServer } from '../support/fault-server';
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
