import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Longest time that the registry client may take, in milliseconds. */
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Installs packages with the ordinary `npm` client into an ignored directory, once. Two processes
 * that do it at the same time do not disturb one another: each installs aside, one result stays.
 *
 * @param cache - directory for the results of all calls
 * @param name - what the packages are for; part of the directory's name
 * @param packages - exact specifiers, such as `left-pad@1.3.0`
 * @returns the directory that holds `node_modules`
 * @throws {Error} whose message says why the packages can not be had
 */
export async function ensureNpmPackages(
  cache: string,
  name: string,
  packages: readonly string[],
): Promise<string> {
  const key = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12);
  const target = join(cache, `${name}-${key}`);
  if (existsSync(target)) return target;
  const aside = `${target}.${process.pid}.tmp`;
  await mkdir(aside, { recursive: true });
  try {
    await writeFile(join(aside, 'package.json'), '{"private":true}\n');
    process.stderr.write(`Installing ${packages.join(', ')} into the test cache ...\n`);
    await npmInstall(aside, packages);
    await rename(aside, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error; // Else another process was first.
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return target;
}

/** `node@24` fetches its binary in a script, so scripts are on for these few pinned packages. */
async function npmInstall(directory: string, packages: readonly string[]): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--prefix', directory, '--no-audit', '--no-fund', '--save-exact'];
  try {
    await run(npm, [...args, '--ignore-scripts=false', ...packages], {
      cwd: directory,
      timeout: INSTALL_TIMEOUT_MS,
      // Settings of the `npm test` around us would point npm at the wrong project.
      env: withoutNpmSettings(process.env),
    });
  } catch (error) {
    const detail = (error as { stderr?: string }).stderr?.trim().split('\n')[0] ?? String(error);
    throw new Error(`npm can not install ${packages.join(', ')}: ${detail}`, { cause: error });
  }
}

function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const dropped = ['npm_config_prefix', 'npm_config_local_prefix', 'npm_config_global_prefix'];
  return Object.fromEntries(Object.entries(env).filter(([key]) => !dropped.includes(key)));
}
