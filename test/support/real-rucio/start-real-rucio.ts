import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { rucioPaths, writeConfiguration } from './configuration';
import { GOLDEN_DATABASE, MANIFEST_FILE, type RealRucioManifest } from './manifest';
import { runCommand } from './run-command';

export interface RealRucioOptions {
  /**
   * Server processes. With more than one, each has its own memory of valid tokens.
   * @default 1
   */
  readonly workers?: number;
  /** Writes files into its directory and returns what is added to its `rucio.cfg`. */
  readonly configure?: (directory: string) => Promise<string>;
  /**
   * Where the application is that is served, and its name as gunicorn takes it.
   * @default - Rucio itself
   */
  readonly application?: { readonly directory: string; readonly name: string };
}

export interface RealRucio {
  /** Base address, without a trailing slash. */
  readonly url: string;
  /** Its release, such as 38.6.4. */
  readonly version: string;
  /** Where its database and configuration are. */
  readonly directory: string;
  /** Ends a session that was not used yet, as if its hour had passed. */
  expireToken(token: string): Promise<void>;
  /** Ends its processes at once, as a crash does. What it has stored stays. */
  kill(): Promise<void>;
  /** Starts it again at its address; what it had only in memory, such as known tokens, is gone. */
  restart(): Promise<void>;
  /** It accepts connections and answers nothing, until it is resumed. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** Longest wait for the server to answer, in milliseconds; usually it takes two seconds. */
const START_LIMIT_MS = 60_000;
/** Longest wait for a stopping server before it is killed, in milliseconds. */
const STOP_LIMIT_MS = 5_000;
const POLL_MS = 50;

/**
 * Starts a real Rucio server on a copy of the seeded database, on a free port of loopback.
 *
 * @param dir - what `ensureRealRucio` returned
 * @throws {Error} with the server's own words when it does not come up
 */
export async function startRealRucio(
  dir: string,
  options: RealRucioOptions = {},
): Promise<RealRucio> {
  const work = await mkdtemp(join(tmpdir(), 'real-rucio-'));
  try {
    const manifest = await readManifest(dir);
    await writeConfiguration(work, manifest);
    const more = await options.configure?.(work);
    if (more !== undefined) await appendFile(rucioPaths(work).config, `\n${more}`);
    await copyFile(join(dir, GOLDEN_DATABASE), rucioPaths(work).database);
    return await serve(work, manifest, options);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}

export interface ServeOptions extends RealRucioOptions {
  /** Whether the directory outlives the server. */
  readonly keepFiles?: boolean;
}

/** Serves the database in `work`, which is removed when the server stops. */
export async function serve(
  work: string,
  manifest: RealRucioManifest,
  options: ServeOptions = {},
): Promise<RealRucio> {
  const paths = rucioPaths(work);
  let child = spawnServer(work, manifest, options);
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const stop = async () => {
    process.off('exit', atExit);
    await end(child);
    if (options.keepFiles !== true) await rm(work, { recursive: true, force: true });
  };
  try {
    const url = await ready(child);
    return {
      url,
      version: manifest.version,
      directory: work,
      stop,
      expireToken: async (token) => {
        const script = join(manifest.pythonPath, 'expire-token.py');
        await runCommand(manifest.python, ['-S', script, paths.database, token]);
      },
      kill: () => kill(child),
      restart: async () => {
        await kill(child);
        child = spawnServer(work, manifest, options, new URL(url).port);
        await ready(child);
      },
      pause: () => signalAll(child, 'SIGSTOP'),
      resume: () => signalAll(child, 'SIGCONT'),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function spawnServer(
  work: string,
  manifest: RealRucioManifest,
  { workers = 1, application }: ServeOptions,
  port = '0',
): ChildProcess {
  return spawn(
    manifest.python,
    [
      ...['-m', 'gunicorn', '--no-control-socket'],
      ...['--workers', String(workers), '--threads', '4'],
      ...['--keep-alive', '5', '--timeout', '120', '--graceful-timeout', '1'],
      ...['--bind', `127.0.0.1:${port}`],
      application?.name ?? 'rucio.web.rest.flaskapi.v1.main:application',
    ],
    {
      cwd: work,
      env: {
        ...process.env,
        RUCIO_CONFIG: rucioPaths(work).config,
        PYTHONPATH: [application?.directory, manifest.pythonPath].filter(Boolean).join(':'),
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
}

export async function readManifest(dir: string): Promise<RealRucioManifest> {
  return JSON.parse(await readFile(join(dir, MANIFEST_FILE), 'utf8')) as RealRucioManifest;
}

/** Waits until the server says which port it has got and answers on it. */
async function ready(child: ChildProcess): Promise<string> {
  let log = '';
  let broken: Error | undefined;
  child.once('error', (error) => (broken = error));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const deadline = AbortSignal.timeout(START_LIMIT_MS);
  for (;;) {
    const url = /Listening at: (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
    if (url !== undefined && (await answers(url, deadline))) return url;
    if (broken !== undefined || child.exitCode !== null || deadline.aborted) {
      const why = broken?.message ?? `exit code ${child.exitCode ?? 'none yet'}`;
      throw new Error(`the real Rucio does not come up (${why}):\n${log.slice(-2000)}`);
    }
    await delay(POLL_MS);
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${url}/ping`, { signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Sends a signal to the server and the processes that it has begun. */
async function signalAll(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const workers = stdout.split('\n').flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return pid !== undefined && parent === child.pid ? [pid] : [];
  });
  child.kill(signal);
  for (const pid of workers) process.kill(pid, signal);
}

async function kill(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const closed = once(child, 'close');
  await signalAll(child, 'SIGKILL');
  await closed;
}

const hasEnded = ({ exitCode, signalCode, pid }: ChildProcess) =>
  exitCode !== null || signalCode !== null || pid === undefined;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  // Where a test left it paused, it would not hear of its end.
  await signalAll(child, 'SIGCONT');
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await closed;
  clearTimeout(timer);
}
