import { once } from 'node:events';
import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { checkStreaming } from '../../../../server/cli/doctor-cluster/check-outside';
import { type DemoRucio, startDemoRucio } from '../../../../server/demo/start-demo-rucio';
import { type TestApp, startTestApp } from '../../../support/test-app';
import { TEST_BEARER } from '../../../support/test-document';

/** Longest wait for one answer, in milliseconds. */
const PATIENCE_MS = 20_000;

let rucio: DemoRucio;
let app: TestApp;
let proxy: Server;

beforeAll(async () => {
  rucio = await startDemoRucio();
  app = await startTestApp({ rucioUrl: rucio.url });
  proxy = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const upstream = request(new URL(url ?? '/', app.url), { method, headers }, (answer) => {
      // As a proxy that buffers: nothing goes on before all is there.
      void buffer(answer).then((body) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.end(body);
      });
    });
    incoming.pipe(upstream);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await app.close();
  await rucio.close();
});

const checkAt = (publicUrl: string, bearer?: string) =>
  checkStreaming({ ...app.document, publicUrl }, bearer, PATIENCE_MS);

test('a stream that comes as it is sent is well', async () => {
  expect(await checkAt(app.url, TEST_BEARER)).toMatchObject([
    {
      check: 'streaming',
      status: 'ok',
      text: expect.stringContaining('before the result') as string,
    },
  ]);
});

test('a proxy that holds the stream back is told, with what to switch off', async () => {
  const { port } = proxy.address() as AddressInfo;
  expect(await checkAt(`http://127.0.0.1:${port}`, TEST_BEARER)).toMatchObject([
    { status: 'problem', remedy: expect.stringContaining('buffering') as string },
  ]);
});

test.each([
  ['no bearer', undefined, /--bearer-file/],
  ['a wrong bearer', 'wrong', /a good one/],
])('%s: it is not known', async (_title, bearer, remedy) => {
  expect(await checkAt(app.url, bearer)).toMatchObject([
    { status: 'unknown', remedy: expect.stringMatching(remedy) as string },
  ]);
});
