import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withBuildLock } from '../support/real-rucio/build-lock';

describe('the lock around building the real Rucio', () => {
  let dir: string;
  let path: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'build-lock-'));
    path = join(dir, 'lock');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test('lets one in after the other', async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} in`);
      await new Promise(setImmediate);
      events.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withBuildLock(path, work(name))));
    const names = events.filter((_, index) => index % 2 === 0).map((event) => event.charAt(0));
    expect(events).toEqual(names.flatMap((name) => [`${name} in`, `${name} out`]));
    expect(await readdir(dir)).toEqual([]);
  });

  test('is given back after a failure', async () => {
    const failing = withBuildLock(path, () => Promise.reject(new Error('no network')));
    await expect(failing).rejects.toThrow('no network');
    expect(await withBuildLock(path, () => Promise.resolve('next'))).toBe('next');
  });

  test('is taken over from a process that died', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(path, String(pid));
    const both = [1, 2].map((result) => withBuildLock(path, () => Promise.resolve(result)));
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  test('is not waited for without an end', async () => {
    await writeFile(path, String(process.pid));
    const waiting = withBuildLock(path, () => Promise.resolve(), { limitMs: 1 });
    await expect(waiting).rejects.toThrow('remove the file if none is running');
  });
});
