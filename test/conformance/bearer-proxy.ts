import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BearerProxy {
  /** Base address, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A reverse proxy that adds the bearer, since the conformance suite can not send one. Everything
 * else passes as it is, `Host` and `Origin` included.
 */
export async function startBearerProxy(target: string, bearer: string): Promise<BearerProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const forwarded = request({
      host: hostname,
      port,
      method: incoming.method,
      path: incoming.url,
      agent: false,
      // Pairs as they came: names keep their spelling, values their white space.
      headers: [...incoming.rawHeaders, 'Authorization', `Bearer ${bearer}`],
    });
    forwarded.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
