import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PING = '{"version": "41.5.1"}';

/** A Rucio server of which `/ping` is answered only when the test says so. */
export interface GatedRucio {
  readonly url: string;
  /** Settles when a ping has arrived that is not answered yet. */
  readonly arrived: Promise<void>;
  release(): void;
  close(): Promise<void>;
}

export async function startGatedRucio(): Promise<GatedRucio> {
  const waiting: ServerResponse[] = [];
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const server = createServer((request, response) => {
    request.resume();
    // That is the server itself, when it starts.
    if (request.headers['x-rucio-script'] === 'rucio-mcp::read_version') {
      response.setHeader('content-type', 'application/json').end(PING);
      return;
    }
    waiting.push(response);
    arrive();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    release: () => {
      for (const response of waiting.splice(0)) {
        response.setHeader('content-type', 'application/json').end(PING);
      }
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
