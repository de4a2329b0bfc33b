import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';

import { METRICS } from '../../../lib/contract/metrics';
import { Limits } from '../../../lib/contract/server-document';
import { Site } from '../../../lib/contract/sites';
import {
  connectionBound,
  limitConnections,
  maxOpenFiles,
} from '../../../server/plugins/connections';
import { Metrics } from '../../../server/plugins/metrics';

const GET = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n';
const MAX = 3;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server with room for three connections that answers when the test says so. */
async function start() {
  const metrics = new Metrics();
  const responses: ServerResponse[] = [];
  let onRequest = () => {};
  const server = createServer((_request, response) => {
    responses.push(response);
    onRequest();
  });
  limitConnections(server, MAX, metrics);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close().closeAllConnections());
  const open = async (): Promise<Socket> => {
    const accepted = once(server, 'connection');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    closers.push(() => socket.destroy());
    await Promise.all([accepted, once(socket, 'connect')]);
    return socket;
  };
  const send = async (socket: Socket, text = GET): Promise<ServerResponse> => {
    const arrived = new Promise<void>((resolve) => (onRequest = resolve));
    socket.write(text);
    await arrived;
    return responses.at(-1)!;
  };
  const answer = async (socket: Socket, response: ServerResponse) => {
    const done = Promise.all([once(socket, 'data'), once(response, 'close')]);
    response.end('ok');
    await done;
  };
  const valueOf = async (id: 'openConnections' | 'connectionsClosed') => {
    const { values } = await metrics.registry.getSingleMetric(METRICS[id].name)!.get();
    return values.map(({ labels, value }) => [labels, value]);
  };
  return { open, send, answer, valueOf };
}

const closed = (socket: Socket) => (socket.closed ? Promise.resolve() : once(socket, 'close'));

test('one connection too many closes the one that has been idle for longest', async () => {
  const { open, send, answer, valueOf } = await start();
  const [first, second, third] = [await open(), await open(), await open()];
  // The first is used, so that it is no longer the one that has been idle for longest.
  await answer(first, await send(first));
  const fourth = await open();
  await closed(second);
  await answer(fourth, await send(fourth));
  for (const socket of [first, third, fourth]) expect(socket.destroyed).toBe(false);
  expect(await valueOf('connectionsClosed')).toEqual([
    [{ reason: 'idle' }, 1],
    [{ reason: 'refused' }, 0],
  ]);
  expect(await valueOf('openConnections')).toEqual([[{}, MAX]]);
});

test('a connection whose request is being answered is never closed', async () => {
  const { open, send, answer, valueOf } = await start();
  const busy = [await open(), await open(), await open()];
  const responses: ServerResponse[] = [];
  for (const socket of busy) responses.push(await send(socket));
  const refused = await open();
  await closed(refused);
  expect(await valueOf('connectionsClosed')).toEqual([
    [{ reason: 'idle' }, 0],
    [{ reason: 'refused' }, 1],
  ]);
  for (const [index, socket] of busy.entries()) await answer(socket, responses[index]!);
  const fourth = await open();
  await closed(busy[0]!);
  await answer(fourth, await send(fourth));
});

test('withheld bodies: who keeps the rest of a request back makes room, who has sent it does not', async () => {
  const { open, send, valueOf } = await start();
  const post = (body: string) =>
    `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\n${body}`;
  const whole = await open();
  (await send(whole, post('done'))).req.resume();
  const [first, second] = [await open(), await open()];
  await send(first, post('d'));
  await send(second, post(''));
  await open();
  await closed(first);
  await open();
  await closed(second);
  expect(whole.destroyed).toBe(false);
  expect(await valueOf('connectionsClosed')).toEqual([
    [{ reason: 'idle' }, 2],
    [{ reason: 'refused' }, 0],
  ]);
});

test('a connection with a second request under way is not idle after the first answer', async () => {
  const { open, send, answer } = await start();
  const eager = await open();
  const first = await send(eager);
  const second = await send(eager);
  await answer(eager, first);
  const [idle] = [await open(), await open()];
  await open();
  await closed(idle);
  expect(eager.destroyed).toBe(false);
  await answer(eager, second);
});

describe('how many connections there may be', () => {
  const site = Site.parse({ name: 'a', rucioHost: 'https://a.org', authHost: 'https://a.org' });
  const limits = Limits.parse({ connections: 1000, rucioConnections: 50 });

  test.each([
    ['as many as the limits say', 1, 2000, 1000],
    ['fewer where files are few: what Rucio needs stays free', 1, 1024, 860],
    ['fewer for more sites', 3, 1024, 660],
    ['some in any case', 1, 64, 16],
    ['as many as the limits say where the system does not tell', 1, Infinity, 1000],
  ])('%s', (_, sites, files, expected) => {
    const document = { limits, sites: Array.from({ length: sites }, () => site) };
    expect(connectionBound(document, files)).toBe(expected);
  });

  test('the system tells how many files a process may open', () => {
    expect(maxOpenFiles()).toBeGreaterThan(32);
  });
});
