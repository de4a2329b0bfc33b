import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { processOf } from './environment';
import { type Workload, readWorkload } from './manifests';
import { PodError } from './pod-error';
import { type ProbeTarget, probeUntilDecided, probeUntilFailure } from './probes';
import { Volumes } from './volumes';

/** Where the pod listens, seen from outside of it: on this computer, not in a cluster. */
const HOST = '127.0.0.1';
/** How much of the pod's output is kept at least, in characters. */
const KEPT_OUTPUT = 4 * 1024 * 1024;
/** How much of it an error message shows, in lines. */
const SHOWN_LINES = 15;

/** Keys of a Secret that exists besides those of the manifests, and what they hold. */
export type SecretData = Readonly<Record<string, string | Uint8Array>>;

export interface StartPodOptions {
  /** The synthesized manifests, as one YAML text. */
  readonly manifests: string;
  /** The Secrets that an operator would have created. */
  readonly secrets?: Readonly<Record<string, SecretData>>;
  readonly onOutput?: ((text: string) => void) | undefined;
  /**
   * Keeps signals of the terminal, such as that of Ctrl-C, from the process; whoever sets it has to
   * stop the pod.
   * @default false
   */
  readonly ownProcessGroup?: boolean;
  /**
   * A program and its arguments that sets limits and then becomes the container's program, whose
   * words follow: what a node does by itself. It gets the container's environment, so give its path.
   */
  readonly launcher?: readonly string[];
}

export interface PodExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A running pod of a Deployment, on this computer as an ordinary user and exactly as its manifest
 * describes it: command, arguments, environment, files with their modes, probes and grace period.
 * What needs a cluster is left out by name (see {@link PodSpec}): images, users, read-only mounts,
 * resources, placement. A pod that ends is not started again.
 */
export class Pod {
  /** The directory that stands for `/` of the container; removed when the pod has ended. */
  readonly root: string;
  readonly pid: number;
  /** Settles when the process has ended and its files are gone. */
  readonly exited: Promise<PodExit>;
  readonly #workload: Workload;
  readonly #volumes: Volumes;
  readonly #child: ChildProcess;
  readonly #ending = new AbortController();
  readonly #ready: Promise<void>;
  #output = '';

  /** Use {@link startPod}. */
  constructor(
    workload: Workload,
    volumes: Volumes,
    root: string,
    child: ChildProcess,
    onOutput: ((text: string) => void) | undefined,
  ) {
    this.root = root;
    this.#workload = workload;
    this.#volumes = volumes;
    this.#child = child;
    this.pid = child.pid ?? 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        // Twice as much may be there: to cut at every line would copy all of it each time.
        if (this.#output.length > 2 * KEPT_OUTPUT) this.#output = this.#output.slice(-KEPT_OUTPUT);
        onOutput?.(text);
      });
    }
    this.exited = this.#untilExit();
    this.#ready = this.#untilReady();
    this.#ready.catch(() => undefined); // Whoever waits for it hears of it.
  }

  /** What the process wrote so far, of both streams, in the order of arrival. */
  get output(): string {
    return this.#output;
  }

  /** @throws {PodError} when the container has no port of that name */
  port(name: string | number): number {
    if (typeof name === 'number') return name;
    const port = this.#workload.pod.containers[0].ports.find((entry) => entry.name === name);
    if (port === undefined) throw new PodError(`the container has no port ${name}`);
    return port.containerPort;
  }

  /** A URL on one of the container's named ports. */
  url(path = '/', port = 'http'): string {
    return `http://${HOST}:${this.port(port)}${path}`;
  }

  /**
   * Waits until the startup and readiness probes succeed.
   *
   * @throws {PodError} when the startup probe gave up or the process ended before
   */
  ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Replaces a Secret, as `kubectl apply` and the kubelet would.
   *
   * @throws {PodError} when the pod does not use it or a mounted key is missing
   */
  updateSecret(name: string, data: SecretData): Promise<void> {
    return this.#volumes.updateSecret(name, toFiles(data));
  }

  /** Sends a signal to the process, and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the pod as the kubelet does: SIGTERM, the grace period, SIGKILL. */
  async stop(): Promise<PodExit> {
    this.signal('SIGTERM');
    const grace = this.#workload.pod.terminationGracePeriodSeconds * 1000;
    const timer = setTimeout(() => this.signal('SIGKILL'), grace);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async #untilExit(): Promise<PodExit> {
    const [code, signal] = (await once(this.#child, 'close')) as [
      PodExit['code'],
      PodExit['signal'],
    ];
    const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with code ${code}`;
    this.#ending.abort(new PodError(`the pod ${how}${this.#lastLines()}`));
    await rm(this.root, { recursive: true, force: true });
    return { code, signal };
  }

  async #untilReady(): Promise<void> {
    const { startupProbe, readinessProbe } = this.#workload.pod.containers[0];
    const { signal } = this.#ending;
    const target: ProbeTarget = { host: HOST, port: (name) => this.port(name) };
    if (startupProbe !== undefined) {
      const problem = await probeUntilDecided(startupProbe, target, signal, false);
      if (problem !== undefined) {
        const lines = this.#lastLines();
        await this.stop();
        throw new PodError(`the startup probe gave up: ${problem}${lines}`);
      }
    }
    void this.#watchLiveness(target);
    if (readinessProbe !== undefined) {
      await probeUntilDecided(readinessProbe, target, signal, true);
    }
  }

  async #watchLiveness(target: ProbeTarget): Promise<void> {
    const { livenessProbe } = this.#workload.pod.containers[0];
    if (livenessProbe === undefined) return;
    try {
      const problem = await probeUntilFailure(livenessProbe, target, this.#ending.signal);
      this.#output += `liveness probe failed: ${problem}\n`;
      await this.stop();
    } catch {
      // The pod ended first.
    }
  }

  #lastLines(): string {
    const lines = this.#output.trimEnd().split('\n').slice(-SHOWN_LINES);
    return lines.join('') === '' ? '' : `; its last output:\n${lines.join('\n')}`;
  }
}

/**
 * Starts the pod of the only Deployment in the manifests. Wait for {@link Pod.ready} before use,
 * and {@link Pod.stop} it after.
 *
 * @throws {PodError} when the manifests ask for what can not be honoured here, or for a ConfigMap,
 *   Secret or key that is not there
 */
export async function startPod(options: StartPodOptions): Promise<Pod> {
  const manifests = readWorkload(options.manifests);
  const given = Object.entries(options.secrets ?? {}).map(([name, data]) => [name, toFiles(data)]);
  const workload: Workload = {
    ...manifests,
    secrets: { ...manifests.secrets, ...(Object.fromEntries(given) as Workload['secrets']) },
  };
  const root = await mkdtemp(join(tmpdir(), 'rucio-mcp-pod-'));
  try {
    const volumes = new Volumes(workload, root);
    await volumes.write();
    const child = await startProcess(workload, root, options);
    return new Pod(workload, volumes, root, child, options.onOutput);
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

async function startProcess(
  { pod }: Workload,
  root: string,
  { ownProcessGroup = false, launcher = [] }: StartPodOptions,
): Promise<ChildProcess> {
  const [container] = pod.containers;
  const { program, args, env } = processOf(container, root);
  const cwd = join(root, container.workingDir);
  await mkdir(cwd, { recursive: true });
  const [first = program, ...rest] = [...launcher, program, ...args];
  const child = spawn(first, rest, {
    cwd,
    env,
    detached: ownProcessGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  return child;
}

function toFiles(data: SecretData): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value),
    ]),
  );
}
