import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a waiting process looks again, in milliseconds. */
const POLL_MS = 250;

export interface BuildLockOptions {
  /**
   * Longest wait for another process, in milliseconds.
   * @default 600_000
   */
  readonly limitMs?: number;
}

/**
 * Runs a piece of work that only one process on this machine may do at a time. The lock of a
 * process that died is taken over.
 *
 * @param path - the lock file
 * @throws {Error} when another process holds the lock for longer than the limit
 */
export async function withBuildLock<T>(
  path: string,
  work: () => Promise<T>,
  options: BuildLockOptions = {},
): Promise<T> {
  const limitMs = options.limitMs ?? 600_000;
  const deadline = AbortSignal.timeout(limitMs);
  while (!(await take(path))) {
    if (deadline.aborted) {
      throw new Error(
        `another process has held ${path} for ${limitMs} ms; remove the file if none is running`,
      );
    }
    if (!(await removeStale(path))) await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

let attempts = 0;

/** By a link, so that nobody ever sees a lock without its owner's number in it. */
async function take(path: string): Promise<boolean> {
  attempts += 1;
  const aside = `${path}.${process.pid}.${attempts}`;
  await writeFile(aside, String(process.pid));
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Removes the lock of a dead process, under a lock of its own: two may have seen it at once. */
async function removeStale(path: string): Promise<boolean> {
  if (!(await isStale(path))) return false;
  const removal = `${path}.removal`;
  if (!(await take(removal))) return false;
  try {
    if (await isStale(path)) await rm(path, { force: true });
    return true;
  } finally {
    await rm(removal, { force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  const owner = await readFile(path, 'utf8').catch(() => undefined);
  if (owner === undefined) return false;
  try {
    process.kill(Number(owner), 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}

function isCode(error: unknown, code: string): boolean {
  // Not `instanceof`: inside jest, errors of Node are not of the test's own class Error.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
