import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../scripts/pod/free-ports';

/** A Redis server of its own, in memory, on a free port of this computer. */
export interface RedisServer {
  readonly port: number;
  /** `redis://` or, with TLS, `rediss://`. */
  readonly url: string;
  /** Ends it as a crash does: what it holds is lost. */
  kill(): Promise<void>;
  /** Keeps it from answering, as a node that hangs does: connections stay. */
  pause(): void;
  /** Lets it go on, with what it was asked meanwhile. */
  resume(): void;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param command - path of `redis-server`
 * @param settings - more arguments, e.g. `--requirepass`
 */
export async function startRedis(
  command: string,
  settings: readonly string[] = [],
): Promise<RedisServer> {
  const [port = 0] = await freePorts(1);
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-redis-'));
  const withTls = settings.includes('--tls-port');
  const args = [
    ...(withTls
      ? ['--port', '0', ...settings, String(port)]
      : ['--port', String(port), ...settings]),
    ...['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory],
  ];
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    child = await launch(command, args);
  };
  await start();
  return {
    port,
    url: `${withTls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    kill,
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    start,
    stop: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function launch(command: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const listen = (data: Buffer) => {
      output += data.toString();
      if (output.includes('Ready to accept connections')) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
  return child;
}
