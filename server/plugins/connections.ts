import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

import type { ServerDocument } from '../../lib/contract/server-document';
import type { Metrics } from './metrics';

/** File descriptors for everything that is no connection: Node itself, listeners, secrets, metrics. */
const OTHER_FILES = 64;
/** As many connections there are in any case, however few files may be open. */
const FEWEST_CONNECTIONS = 16;

/**
 * Bounds the connections of a listener so that neither memory nor file descriptors run out. When
 * there are too many, the one that has been idle for longest is closed: a crowd of idle connections
 * keeps nobody out, not even the probes. One whose request's body has not come yet counts as idle: a
 * client that withholds it would keep its place for as long as a request may take. A connection whose
 * request is being answered is never closed; only where all of them are busy, the new one is.
 *
 * Closing an idle connection is what a client has to expect at any time (RFC 9112 section 9.5).
 *
 * @param max - most connections at once
 */
export function limitConnections(server: Server, max: number, metrics: Metrics): void {
  /** In the order in which they became idle. */
  const idle = new Set<Socket>();
  let open = 0;
  const count = (change: 1 | -1) => {
    open += change;
    metrics.add('openConnections', {}, change);
  };
  for (const reason of ['idle', 'refused']) metrics.declare('connectionsClosed', { reason });
  server.on('connection', (socket: Socket) => {
    count(1);
    idle.add(socket);
    socket.once('close', () => {
      count(-1);
      idle.delete(socket);
    });
    if (open <= max) return;
    const [oldest = socket] = idle;
    idle.delete(oldest);
    metrics.inc('connectionsClosed', { reason: oldest === socket ? 'refused' : 'idle' });
    oldest.destroy();
  });
  // A client may send its next request before it has the answer to the last one.
  const running = new WeakMap<Socket, number>();
  server.on('request', (request, response) => {
    const { socket } = request;
    const before = running.get(socket) ?? 0;
    running.set(socket, before + 1);
    idle.delete(socket);
    if (before === 0 && hasBody(request)) {
      idle.add(socket);
      request.once('end', () => {
        if ((running.get(socket) ?? 0) > 0) idle.delete(socket);
      });
    }
    response.once('close', () => {
      const left = (running.get(socket) ?? 1) - 1;
      running.set(socket, left);
      if (left === 0 && !socket.destroyed) idle.add(socket);
    });
  });
}

/** RFC 9112 section 6.3. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * How many connections a server may have: as its document says, or fewer where the system lets it
 * open too few files. What it needs for Rucio and for itself stays free, since a process without a
 * file descriptor accepts nobody, not even a scrape that would tell of it.
 *
 * @param maxFiles - see {@link maxOpenFiles}
 */
export function connectionBound(
  { limits, sites }: Pick<ServerDocument, 'limits' | 'sites'>,
  maxFiles: number,
): number {
  // A site has two servers: Rucio's own and that of its logins.
  const needed = OTHER_FILES + 2 * sites.length * limits.rucioConnections;
  return Math.max(FEWEST_CONNECTIONS, Math.min(limits.connections, maxFiles - needed));
}

/** How many files this process may have open; infinite where the system does not tell. */
export function maxOpenFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const [, soft = ''] = /^Max open files +(\d+)/m.exec(limits) ?? [];
    return soft === '' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
