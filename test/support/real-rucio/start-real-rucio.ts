import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

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
}

export interface RealRucio {
  /** Base address, without a trailing slash. */
  readonly url: string;
  /** Where its database and configuration are. */
  readonly directory: string;
  /** Ends a session that was not used yet, as if its hour had passed. */
  expireToken(token: string): Promise<void>;
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
  const child = spawn(
    manifest.python,
    [
      ...['-m', 'gunicorn', '--no-control-socket'],
      ...['--workers', String(options.workers ?? 1), '--threads', '4'],
      ...['--keep-alive', '5', '--timeout', '120', '--graceful-timeout', '1'],
      ...['--bind', '127.0.0.1:0', 'rucio.web.rest.flaskapi.v1.main:application'],
    ],
    {
      cwd: work,
      env: { ...process.env, RUCIO_CONFIG: paths.config, PYTHONPATH: manifest.pythonPath },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await end(child);
    if (options.keepFiles !== true) await rm(work, { recursive: true, force: true });
  };
  try {
    const url = await ready(child);
    return {
      url,
      directory: work,
      stop,
      expireToken: async (token) => {
        const script = join(manifest.pythonPath, 'expire-token.py');
        await runCommand(manifest.python, ['-S', script, paths.database, token]);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
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

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await closed;
  clearTimeout(timer);
}
