import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

import { type RoundRobin, type Target, startRoundRobin } from '../oidc/round-robin';
import { SETTINGS } from './cluster';
import type { Kubectl } from './kubectl';

/** How long a pod's address is tried before it counts as out of reach, in milliseconds. */
const REACH_MS = 2000;

/** One line an event: the slice, then `address/ready/pod` of each endpoint. */
const EVENTS =
  '{{.metadata.name}}{{range .endpoints}} {{index .addresses 0}}/{{.conditions.ready}}/{{.targetRef.name}}{{end}}{{"\\n"}}';

/**
 * Stands on this computer for the Service: every request goes, over a connection of its own, to a
 * pod that the Service's EndpointSlices call ready. Pods are reached at their addresses or, where
 * those do not answer from here, by a `kubectl port-forward` each.
 */
export class ServiceProxy {
  readonly #proxy: RoundRobin;
  readonly #children: ChildProcess[] = [];
  readonly #targets = new Map<string, Promise<Target>>();
  readonly #slices = new Map<string, string[]>();

  /** What has become of endpoints and requests, with the time: to find out why a call failed. */
  readonly history: string[];

  private constructor(proxy: RoundRobin, history: string[]) {
    this.#proxy = proxy;
    this.history = history;
  }

  static async start(): Promise<ServiceProxy> {
    const history: string[] = [];
    const proxy = await startRoundRobin(({ host, port }, error) => {
      history.push(`${timeOfDay()} ${host}:${port} has broken a request: ${error.message}`);
    });
    return new ServiceProxy(proxy, history);
  }

  get url(): string {
    return this.#proxy.url;
  }

  /** How many pods get requests now. */
  get size(): number {
    return this.#proxy.targets.length;
  }

  /** @param port - of the pods */
  follow(kubectl: Kubectl, service: string, port: number): void {
    const selector = `kubernetes.io/service-name=${service}`;
    const child = kubectl.spawn([
      ...['get', 'endpointslices', '--selector', selector, '--watch'],
      ...['--output', `go-template=${EVENTS}`],
    ]);
    this.#children.push(child);
    child.stderr?.resume();
    if (child.stdout === null) throw new TypeError('its output is not read');
    createInterface(child.stdout).on('line', (line) => {
      const [slice = '', ...endpoints] = line.split(' ');
      const ready = endpoints.filter((endpoint) => endpoint.split('/')[1] === 'true');
      this.#slices.set(slice, ready);
      void this.#update(kubectl, port);
    });
  }

  async #update(kubectl: Kubectl, port: number): Promise<void> {
    const ready = () => [...this.#slices.values()].flat();
    const targets = await Promise.all(
      ready().map((endpoint) => {
        const [address = '', , pod = ''] = endpoint.split('/');
        const known = this.#targets.get(pod) ?? this.#reach(kubectl, pod, address, port);
        this.#targets.set(pod, known);
        return known.then((target) => ({ endpoint, target }));
      }),
    );
    // Meanwhile another event may have come.
    const now = new Set(ready());
    this.#proxy.targets = targets
      .filter(({ endpoint }) => now.has(endpoint))
      .map(({ target }) => target);
    const list = this.#proxy.targets.map(({ host, port: at }) => `${host}:${at}`).join(' ');
    this.history.push(`${timeOfDay()} endpoints: ${list}`);
  }

  async #reach(kubectl: Kubectl, pod: string, host: string, port: number): Promise<Target> {
    const direct = process.env[SETTINGS.reach] !== 'forward' && (await answers(host, port));
    if (direct) return { host, port };
    const forward = await forwardTo(kubectl, `pod/${pod}`, port);
    this.#children.push(forward.child);
    return forward.target;
  }

  async close(): Promise<void> {
    for (const child of this.#children) await end(child);
    await this.#proxy.close();
  }
}

export const timeOfDay = () => new Date().toISOString().slice(11, 23);

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: REACH_MS });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export interface Forward {
  readonly child: ChildProcess;
  readonly target: Target;
}

/**
 * Runs `kubectl port-forward` with a free port of this computer.
 *
 * @throws {Error} when it ends before it listens
 */
export async function forwardTo(kubectl: Kubectl, what: string, port: number): Promise<Forward> {
  const child = kubectl.spawn(['port-forward', '--address=127.0.0.1', what, `:${port}`]);
  let told = '';
  child.stderr?.on('data', (data: Buffer) => (told += data.toString()));
  const target = await new Promise<Target>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the port-forward to ${what} has ended: ${told}`)));
    child.stdout?.on('data', (data: Buffer) => {
      const local = /Forwarding from 127\.0\.0\.1:(\d+) ->/.exec(data.toString())?.[1];
      if (local !== undefined) resolve({ host: '127.0.0.1', port: Number(local) });
    });
  });
  return { child, target };
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
