import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before the pods in a cluster: requests go to one after the other. */
export interface RoundRobin {
  readonly url: string;
  /** Ports on this computer that get requests from now on. */
  targets: number[];
  close(): Promise<void>;
}

/**
 * A pod that can not be reached is passed over, as by a Service whose endpoints are checked; once a
 * pod has the request, it alone answers.
 */
export async function startRoundRobin(): Promise<RoundRobin> {
  const state = { targets: [] as number[], turn: 0 };
  const server = createServer((incoming, outgoing) => {
    const first = state.turn++;
    // Everybody comes from another address, as in life: limits by address are not what is tested.
    incoming.headers['x-forwarded-for'] =
      `10.${(first >> 16) & 255}.${(first >> 8) & 255}.${first & 255}`;
    const ports = state.targets.map(
      (_port, at) => state.targets[(first + at) % state.targets.length],
    );
    forward(
      incoming,
      outgoing,
      ports.filter((port) => port !== undefined),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get targets() {
      return state.targets;
    },
    set targets(ports) {
      state.targets = ports;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, ports: number[]): void {
  const [port, ...others] = ports;
  if (port === undefined) {
    outgoing.writeHead(502).end('no pod');
    return;
  }
  const { method, url, headers } = incoming;
  const upstream = request({ host: '127.0.0.1', port, method, path: url, headers });
  let connected = false;
  upstream.on('socket', (socket) => {
    const start = () => {
      connected = true;
      incoming.pipe(upstream);
    };
    if (socket.connecting) socket.once('connect', start);
    else start();
  });
  upstream.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  upstream.on('error', () => {
    if (!connected) forward(incoming, outgoing, others);
    else outgoing.destroy();
  });
  outgoing.on('close', () => upstream.destroy());
}
