import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

import type { ServerDocument } from '../../lib/contract/server-document';
import { freePorts } from '../../scripts/pod/free-ports';
import { Site } from '../../lib/contract/sites';
import { type TestDocument, testDocument } from '../support/test-document';
import { CA_FILE } from '../support/tls/files';
import { type RoundRobin, startRoundRobin } from './round-robin';
import { sharedState } from './shared-state';

const SERVER = join(__dirname, '../../dist/server.cjs');

/** One pod: a process of the built server. */
export interface Replica {
  readonly port: number;
  /** As a node that dies. */
  kill(): Promise<void>;
  /** As a rolling update: no more requests first, then SIGTERM. */
  stop(): Promise<number | null>;
}

/** Several processes of the built server behind one address, with one ring of keys and one Redis. */
export class Replicas {
  readonly proxy: RoundRobin;
  readonly #document: ServerDocument;
  readonly #made: TestDocument;
  readonly #running = new Set<Replica>();

  private constructor(proxy: RoundRobin, document: ServerDocument, made: TestDocument) {
    this.proxy = proxy;
    this.#document = document;
    this.#made = made;
  }

  /** @param redisUrl - of the state store */
  static async open(rucioUrl: string, redisUrl: string, count: number): Promise<Replicas> {
    const proxy = await startRoundRobin();
    const made = await testDocument(rucioUrl);
    const sealingKeysFile = join(made.bearerFile, '..', 'sealing-keys');
    await writeFile(sealingKeysFile, randomBytes(32).toString('hex'));
    const document: ServerDocument = {
      ...made.document,
      publicUrl: proxy.url,
      readOnly: false,
      trustedProxies: ['127.0.0.1'],
      drainSeconds: 20,
      sites: [
        Site.parse({
          name: 'one',
          title: 'Site one',
          rucioHost: rucioUrl,
          authHost: rucioUrl,
          caFile: CA_FILE,
          oidc: { audience: 'rucio', scope: 'openid profile offline_access' },
        }),
      ],
      auth: sharedState(sealingKeysFile, redisUrl),
    };
    const replicas = new Replicas(proxy, document, made);
    await Promise.all(Array.from({ length: count }, () => replicas.add()));
    return replicas;
  }

  get issuer(): string {
    return `${this.proxy.url}/site/one`;
  }

  /** Starts one more; it gets requests as soon as it is ready. */
  async add(): Promise<Replica> {
    const [port = 0, metricsPort = 0] = await freePorts(2);
    const listen = { host: '127.0.0.1', port, metricsHost: '127.0.0.1', metricsPort };
    const file = join(this.#made.bearerFile, '..', `server-${randomBytes(4).toString('hex')}.json`);
    await writeFile(file, JSON.stringify({ ...this.#document, listen, logLevel: 'info' }));
    const child = spawn(process.execPath, [SERVER], {
      env: { RUCIO_MCP_CONFIG: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await untilReady(child);
    const leave = () => {
      this.proxy.targets = this.proxy.targets.filter((target) => target.port !== port);
      this.#running.delete(replica);
    };
    const replica: Replica = {
      port,
      kill: async () => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
        leave();
      },
      stop: async () => {
        leave();
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        const [code] = (await ended) as [number | null];
        return code;
      },
    };
    this.#running.add(replica);
    this.proxy.targets = [...this.proxy.targets, { host: '127.0.0.1', port }];
    return replica;
  }

  /** The longest-running first. */
  get running(): Replica[] {
    return [...this.#running];
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map((replica) => replica.kill()));
    await this.proxy.close();
    await this.#made.cleanUp();
  }
}

/** @throws {Error} when the server ends before it is ready */
async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new TypeError('its output is not read');
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if ((JSON.parse(line) as { msg?: string }).msg === 'rucio-mcp is ready') resolve();
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}`)));
  });
}
