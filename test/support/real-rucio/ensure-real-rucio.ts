import { createHash } from 'node:crypto';
import { access, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { buildSeed } from '../../../server/demo/seed';
import { TRANSFER_SERVICE } from '../../../server/demo/seed-transfers';
import { withBuildLock } from './build-lock';
import { rucioPaths, writeConfiguration } from './configuration';
import {
  GOLDEN_DATABASE,
  MANIFEST_FILE,
  type InstalledRucio,
  type RealRucioManifest,
} from './manifest';
import { runCommand } from './run-command';
import { seedRealRucio } from './seed-real-rucio';
import { serve } from './start-real-rucio';

const PACKAGES = ['rucio==41.5.1', 'gunicorn==27.0.1'] as const;
const OLDEST_PYTHON = { major: 3, minor: 9 };
/** The Python for which the versions of all other packages are written down, too. */
const PINNED = { python: '3.11', file: 'constraints.txt' } as const;
/** Written last into the virtual environment. */
const INSTALLED_FILE = 'installed.json';

/**
 * Provides a real Rucio server with the data of the demo, ready to be started: installed from PyPI
 * into a virtual environment, bootstrapped, seeded over REST. The first time takes one to two
 * minutes, later ones nothing.
 *
 * @param cache - an ignored directory of the checkout, which stands beside `test/`
 * @returns the directory that `startRealRucio` wants
 * @throws {Error} whose message says why it can not be had
 */
export async function ensureRealRucio(cache: string = resolve('.cache')): Promise<string> {
  const own = join(dirname(resolve(cache)), 'test', 'support', 'real-rucio');
  const python = await pythonVersion();
  const constraints = python === PINNED.python ? join(own, PINNED.file) : undefined;
  const pins = constraints === undefined ? '' : await readFile(constraints, 'utf8');
  const environmentKey = digest([...PACKAGES, python, pins]);
  const seed = buildSeed();
  const key = digest([environmentKey, JSON.stringify(seed), ...(await fileContents(own))]);
  const home = join(resolve(cache), 'real-rucio');
  const environment = join(home, `environment-${environmentKey}`);
  const golden = join(home, key);
  if (await exists(join(golden, MANIFEST_FILE))) return golden;
  await mkdir(home, { recursive: true });
  await withBuildLock(join(home, 'build.lock'), async () => {
    if (!(await exists(join(environment, INSTALLED_FILE)))) await install(environment, constraints);
    if (!(await exists(join(golden, MANIFEST_FILE)))) await build(golden, environment, own);
  });
  return golden;
}

async function pythonVersion(): Promise<string> {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const version = (await runCommand('python3', ['-c', script])).trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== OLDEST_PYTHON.major || minor < OLDEST_PYTHON.minor) {
    throw new Error(`python3 is ${version}, and Rucio needs 3.${OLDEST_PYTHON.minor} or newer`);
  }
  return version;
}

/** A virtual environment can not be moved, so it is made in its place and marked when complete. */
async function install(environment: string, constraints: string | undefined): Promise<void> {
  progress(`installing ${PACKAGES.join(' and ')} from PyPI, about a minute`);
  await rm(environment, { recursive: true, force: true });
  await runCommand('python3', ['-m', 'venv', environment]);
  const python = join(environment, 'bin', 'python');
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const pinned = constraints === undefined ? [] : ['--constraint', constraints];
  await runCommand(python, ['-m', 'pip', 'install', ...quiet, ...pinned, ...PACKAGES]);
  const script = 'import os, sys, rucio; print(os.path.dirname(rucio.__file__)); print(sys.prefix)';
  const [rucio = '', prefix = ''] = (await runCommand(python, ['-c', script])).split('\n');
  const installed: InstalledRucio = {
    python,
    migrations: join(rucio, 'db', 'sqla', 'migrate_repo'),
    mailTemplates: join(prefix, 'rucio', 'etc', 'mail_templates'),
  };
  await writeFile(join(environment, INSTALLED_FILE), JSON.stringify(installed));
}

async function build(golden: string, environment: string, own: string): Promise<void> {
  const text = await readFile(join(environment, INSTALLED_FILE), 'utf8');
  const installed = JSON.parse(text) as InstalledRucio;
  const work = `${golden}.building`;
  await rm(work, { recursive: true, force: true });
  // A copy: the checkout may change or go away while servers are running.
  const pythonPath = join(golden, 'python');
  const manifest: RealRucioManifest = { ...installed, pythonPath };
  await rm(golden, { recursive: true, force: true });
  await cp(own, pythonPath, {
    recursive: true,
    filter: (path) => path === own || path.endsWith('.py'),
  });
  progress('creating the database of the real Rucio');
  await writeConfiguration(work, installed);
  const { config, database } = rucioPaths(work);
  const run = async (script: string, ...args: string[]) => {
    const env = { RUCIO_CONFIG: config, PYTHONPATH: pythonPath };
    await runCommand(installed.python, [join(pythonPath, script), ...args], { env, cwd: work });
  };
  await run('bootstrap.py');
  progress('loading the data of the demo into the real Rucio');
  const server = await serve(work, manifest, { keepFiles: true });
  try {
    await seedRealRucio(server.url, buildSeed());
  } finally {
    await server.stop();
  }
  const transfers = join(work, 'transfers.json');
  const service = TRANSFER_SERVICE;
  await writeFile(transfers, JSON.stringify({ service, transfers: buildSeed().transfers }));
  await run('transfers.py', transfers);
  await run('daemons.py');
  await run('checkpoint.py', database);
  await rename(database, join(golden, GOLDEN_DATABASE));
  await rm(work, { recursive: true, force: true });
  await writeFile(join(golden, MANIFEST_FILE), JSON.stringify(manifest));
  progress('the real Rucio is ready');
}

function progress(text: string): void {
  process.stderr.write(`real-rucio: ${text}\n`);
}

async function fileContents(dir: string): Promise<string[]> {
  const names = (await readdir(dir)).filter((name) => /\.(py|ts)$/.test(name)).sort();
  return Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
