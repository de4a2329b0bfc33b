import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `main.js` runs. */
export const COMMAND_FILE = 'command.cjs';

/**
 * Writes `main.js`, which runs `command.cjs`, from V8's code cache where there is one. The name of
 * the cache has the digest of the text: V8 itself compares no more than the length.
 */
export function writeCommandLoader(root: string, dist: string): void {
  const loader = readFileSync(join(root, 'scripts/build/command-loader.cjs'), 'utf8')
    .replace('COMMAND_FILE', JSON.stringify(COMMAND_FILE))
    .replace('CACHE_FILE', JSON.stringify(cacheFile(dist)));
  writeFileSync(join(dist, 'main.js'), `#!/usr/bin/env node\n${loader}`, { mode: 0o755 });
}

/**
 * Runs the command once over an example and keeps what V8 compiled, which saves a third of each
 * later run. Does nothing where the cache is there.
 */
export function writeCodeCache(root: string, dist: string): void {
  const cache = cacheFile(dist);
  const old = readdirSync(dist).filter((file) => /^command\..*\.cache/.test(file));
  if (old.includes(cache)) return;
  for (const file of old) rmSync(join(dist, file), { force: true });
  execFileSync(
    process.execPath,
    [
      join(root, 'scripts/build/make-code-cache.cjs'),
      join(dist, COMMAND_FILE),
      join(dist, cache),
      ...['-f', join(root, 'examples/shared-secret-userpass.yaml'), '--output', '-'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

function cacheFile(dist: string): string {
  const text = readFileSync(join(dist, COMMAND_FILE));
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `command.${digest}-${process.version}.cache`;
}
