import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { GeneratedFile } from './generated-file';

const run = promisify(execFile);

/** The classes of `imports/`, made anew from the definitions in `imports/crds/`. Offline. */
export async function customResourceClasses(root: string): Promise<GeneratedFile[]> {
  const crds = join(root, 'imports/crds');
  const output = await mkdtemp(join(tmpdir(), 'rucio-mcp-imports-'));
  try {
    for (const file of (await readdir(crds)).sort()) {
      await run(
        process.execPath,
        [
          join(root, 'node_modules/cdk8s-cli/bin/cdk8s'),
          ...['import', join(crds, file), '-l', 'typescript', '-o', output, '--no-save'],
        ],
        { cwd: root, env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' } },
      );
    }
    const files = (await readdir(output)).sort();
    return await Promise.all(
      files.map(async (file) => ({
        path: `imports/${file}`,
        text: await readFile(join(output, file), 'utf8'),
      })),
    );
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}
