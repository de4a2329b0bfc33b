import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a pod answers. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** What stands before the pods in a cluster: requests go to one after the other. */
export interface RoundRobin {
  readonly url: string;
  /** What gets requests from now on. */
  targets: readonly Target[];
  close(): Promise<void>;
}

/** Told of a request that its pod has not answered. */
type OnBroken = (target: Target, error: Error) => void;

/**
 * A pod that can not be reached is passed over, as by a Service whose endpoints are checked; once a
 * pod has the request, it alone answers.
 */
export async function startRoundRobin(onBroken: OnBroken = () => undefined): Promise<RoundRobin> {
  const state = { targets: [] as readonly Target[], turn: 0 };
  const server = createServer((incoming, outgoing) => {
    const first = state.turn++;
    // Everybody comes from another address, as in life: limits by address are not what is tested.
    incoming.headers['x-forwarded-for'] =
      `10.${(first >> 16) & 255}.${(first >> 8) & 255}.${first & 255}`;
    const targets = state.targets.map(
      (_target, at) => state.targets[(first + at) % state.targets.length],
    );
    forward(
      incoming,
      outgoing,
      targets.filter((target) => target !== undefined),
      onBroken,
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
    set targets(targets) {
      state.targets = targets;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  targets: Target[],
  onBroken: OnBroken,
): void {
  const [target, ...others] = targets;
  if (target === undefined) {
    outgoing.writeHead(502).end('no pod');
    return;
  }
  const { method, url, headers } = incoming;
  // A connection of its own: one that is kept may be closed by the pod at this very moment.
  const upstream = request({ ...target, method, path: url, headers, agent: false });
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
  upstream.on('error', (error) => {
    if (!connected) {
      forward(incoming, outgoing, others, onBroken);
      return;
    }
    if (!outgoing.destroyed) onBroken(target, error);
    outgoing.destroy();
  });
  outgoing.on('close', () => upstream.destroy());
}
