import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const PYTHON_SERVER_VERSION = '0.10.0';
/** The official Python SDK, on which that server is built; a test is a client with it. */
const SDK_VERSION = '2.3.0';
/** Longest time that the registry client may take, in milliseconds. */
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Installs the Python server from PyPI into a virtual environment, once.
 *
 * @param cache - an ignored directory
 * @returns the virtual environment; its `bin/` has `rucio-mcp` and `python`
 * @throws {Error} whose message says why it can not be had
 */
export async function installPythonServer(cache: string): Promise<string> {
  const environment = join(cache, `python-server-${PYTHON_SERVER_VERSION}-sdk-${SDK_VERSION}`);
  // Written last: pip installs a package after those that it needs.
  if (existsSync(join(environment, 'bin/rucio-mcp'))) return environment;
  await run('python3', ['-m', 'venv', environment]);
  const packages = [`rucio-mcp==${PYTHON_SERVER_VERSION}`, `mcp==${SDK_VERSION}`];
  await run(join(environment, 'bin/pip'), ['install', '--quiet', ...packages], {
    timeout: INSTALL_TIMEOUT_MS,
  });
  return environment;
}
