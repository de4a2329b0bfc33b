import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { rucioPaths } from '../real-rucio/configuration';
import { type RealRucio, readManifest } from '../real-rucio/start-real-rucio';
import type { Certificates } from './certificates';

export interface FrontOptions {
  /** What the fixture of the real Rucio is made from. */
  readonly directory: string;
  readonly certificates: Certificates;
  /** Added to the configuration of this server. */
  readonly configuration?: string;
  /** What is served instead of `front.py`: a directory, and a Python module there. */
  readonly application?: { readonly directory: string; readonly module: string };
}

export interface Front {
  /** Base address, https. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Longest wait for the server to answer, in milliseconds; usually it takes two seconds. */
const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

/** A second server process of a real Rucio, on the same database, that speaks TLS. */
export async function startFront(real: RealRucio, options: FrontOptions): Promise<Front> {
  const { directory, certificates, configuration = '' } = options;
  const { application = { directory: __dirname, module: 'front' } } = options;
  const { python, pythonPath } = await readManifest(directory);
  const config = join(real.directory, 'rucio-front.cfg');
  await copyFile(rucioPaths(real.directory).config, config);
  await appendFile(config, `\n${configuration}`);
  const child = spawn(
    python,
    [
      ...['-m', 'gunicorn', '--no-control-socket', '--config', join(__dirname, 'gunicorn_tls.py')],
      ...['--workers', '1', '--timeout', '120', '--graceful-timeout', '1'],
      ...['--bind', '127.0.0.1:0', `${application.module}:application`],
    ],
    {
      cwd: real.directory,
      env: {
        ...process.env,
        RUCIO_CONFIG: config,
        PYTHONPATH: `${application.directory}:${pythonPath}`,
        PYTHONDONTWRITEBYTECODE: '1',
        FRONT_CERT: certificates.host.certFile,
        FRONT_KEY: certificates.host.keyFile,
        FRONT_CA: certificates.caFile,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    // Not SIGKILL: its worker would go on for a while.
    child.kill('SIGTERM');
    await exit;
  };
  try {
    return { url: await ready(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(child: ChildProcess): Promise<string> {
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const deadline = AbortSignal.timeout(START_LIMIT_MS);
  for (;;) {
    const url = /Listening at: (https:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
    if (url !== undefined && (await answersOverTls(url))) return url;
    if (child.exitCode !== null || deadline.aborted) {
      throw new Error(`Rucio behind TLS does not come up:\n${log.slice(-2000)}`);
    }
    await delay(POLL_MS);
  }
}

/** Whether a Rucio behind TLS is up. Not `fetch`: it can not be told to trust this certificate. */
export async function answersOverTls(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request(`${url}/ping`, { rejectUnauthorized: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200));
    });
    ping.once('error', () => resolve(false));
    ping.end();
  });
}
