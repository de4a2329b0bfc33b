import { createHash } from 'node:crypto';
import {
  access,
  cp,
  mkdir,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

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
import { seedForVersion } from './seed-for-version';
import { seedRealRucio } from './seed-real-rucio';
import { serve } from './start-real-rucio';
import { chosenVersion } from './versions';

const GUNICORN = 'gunicorn==27.0.1';
const OLDEST_PYTHON = { major: 3, minor: 9 };
/** The Python for which the versions of all other packages are written down, too. */
const PINNED_PYTHON = '3.11';
/** The files that the processes of Rucio load, and the directories they are in. */
const PYTHON_SOURCES = /^$|^slash_names$|\.py$/;
/** Written last into the virtual environment. */
const INSTALLED_FILE = 'installed.json';

/**
 * Provides a real Rucio server with the data of the demo, ready to be started: installed from PyPI
 * into a virtual environment, bootstrapped, seeded over REST. The first time takes one to two
 * minutes, later ones nothing.
 *
 * @param cache - an ignored directory of the checkout, which stands beside `test/`
 * @param version - the release of Rucio; by default the variable `REAL_RUCIO_VERSION` chooses
 * @param more - packages besides, with their versions
 * @returns the directory that `startRealRucio` wants
 * @throws {Error} whose message says why it can not be had
 */
export async function ensureRealRucio(
  cache: string = resolve('.cache'),
  version: string = chosenVersion(),
  more: readonly string[] = [],
): Promise<string> {
  const own = join(dirname(resolve(cache)), 'test', 'support', 'real-rucio');
  const python = await pythonVersion();
  const constraints = await constraintsFor(version, python, own);
  const pins = constraints === undefined ? '' : await readFile(constraints, 'utf8');
  const packages = [`rucio==${version}`, GUNICORN, ...more];
  const environmentKey = digest([...packages, python, pins]);
  const seed = buildSeed();
  const key = digest([environmentKey, JSON.stringify(seed), ...(await fileContents(own))]);
  await mkdir(join(cache, 'real-rucio'), { recursive: true });
  // What is installed remembers where: not by a link, which may be that of another checkout.
  const home = await realpath(join(cache, 'real-rucio'));
  const environment = join(home, `environment-${environmentKey}`);
  const golden = join(home, key);
  if (await exists(join(golden, MANIFEST_FILE))) return golden;
  await withBuildLock(`${environment}.lock`, async () => {
    if (!(await exists(join(environment, INSTALLED_FILE)))) {
      await install(environment, packages, constraints);
    }
    if (!(await exists(join(golden, MANIFEST_FILE)))) {
      await build(golden, environment, own, version);
    }
  });
  return golden;
}

/** The packages around a release of Rucio, where they are written down. */
async function constraintsFor(
  version: string,
  python: string,
  own: string,
): Promise<string | undefined> {
  const file = join(own, 'constraints', `${version}.txt`);
  return python === PINNED_PYTHON && (await exists(file)) ? file : undefined;
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
async function install(
  environment: string,
  packages: readonly string[],
  constraints: string | undefined,
): Promise<void> {
  progress(`installing ${packages.join(', ')} from PyPI, about a minute`);
  await rm(environment, { recursive: true, force: true });
  await runCommand('python3', ['-m', 'venv', environment]);
  const python = join(environment, 'bin', 'python');
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  // Not `--constraint`: what builds a package from its source is to know them, too.
  const env: Record<string, string> =
    constraints === undefined ? {} : { PIP_CONSTRAINT: constraints };
  await runCommand(python, ['-m', 'pip', 'install', ...quiet, ...packages], { env });
  const script = 'import os, sys, rucio; print(os.path.dirname(rucio.__file__)); print(sys.prefix)';
  const [rucio = '', prefix = ''] = (await runCommand(python, ['-c', script])).split('\n');
  const installed: InstalledRucio = {
    python,
    migrations: join(rucio, 'db', 'sqla', 'migrate_repo'),
    mailTemplates: join(prefix, 'rucio', 'etc', 'mail_templates'),
  };
  await writeFile(join(environment, INSTALLED_FILE), JSON.stringify(installed));
}

async function build(
  golden: string,
  environment: string,
  own: string,
  version: string,
): Promise<void> {
  const text = await readFile(join(environment, INSTALLED_FILE), 'utf8');
  const installed = JSON.parse(text) as InstalledRucio;
  const work = `${golden}.building`;
  await rm(work, { recursive: true, force: true });
  // A copy: the checkout may change or go away while servers are running.
  const pythonPath = join(golden, 'python');
  const manifest: RealRucioManifest = { ...installed, pythonPath, version };
  await rm(golden, { recursive: true, force: true });
  await cp(own, pythonPath, {
    recursive: true,
    filter: (path) => PYTHON_SOURCES.test(relative(own, path)),
  });
  progress(`creating the database of Rucio ${version}`);
  await writeConfiguration(work, manifest);
  const { config, database } = rucioPaths(work);
  const run = async (script: string, ...args: string[]) => {
    const env = { RUCIO_CONFIG: config, PYTHONPATH: pythonPath };
    await runCommand(installed.python, [join(pythonPath, script), ...args], { env, cwd: work });
  };
  await run('bootstrap.py');
  progress(`loading the data of the demo into Rucio ${version}`);
  const seed = seedForVersion(buildSeed(), version);
  const server = await serve(work, manifest, { keepFiles: true });
  try {
    await seedRealRucio(server.url, seed);
  } finally {
    await server.stop();
  }
  const rest = join(work, 'beyond-rest.json');
  const unavailable = seed.replicas.filter(({ state }) => state === 'TEMPORARY_UNAVAILABLE');
  await writeFile(
    rest,
    JSON.stringify({ service: TRANSFER_SERVICE, transfers: seed.transfers, unavailable }),
  );
  await run('beyond-rest.py', rest);
  await run('daemons.py');
  await run('checkpoint.py', database);
  await rename(database, join(golden, GOLDEN_DATABASE));
  await rm(work, { recursive: true, force: true });
  await writeFile(join(golden, MANIFEST_FILE), JSON.stringify(manifest));
  progress(`Rucio ${version} is ready`);
}

function progress(text: string): void {
  process.stderr.write(`real-rucio: ${text}\n`);
}

async function fileContents(dir: string): Promise<string[]> {
  const all = await readdir(dir, { recursive: true });
  const names = all.filter((name) => /\.(py|ts)$/.test(name)).sort();
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
