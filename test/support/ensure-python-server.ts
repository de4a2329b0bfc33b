import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { installPythonServer } from '../../bench/tools/load/install-python-server';
import { withBuildLock } from './real-rucio/build-lock';

/**
 * Installs the Python server that `runtime.kind: pixi` runs. The first time takes about half a
 * minute, later ones nothing.
 *
 * @throws {Error} whose message says why it can not be had
 */
export async function ensurePythonServer(cache: string): Promise<string> {
  await mkdir(cache, { recursive: true });
  return withBuildLock(join(cache, 'python-server.lock'), () => installPythonServer(cache));
}
