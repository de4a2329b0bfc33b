import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { SecretFile } from '../../server/secret-file';

let directory: string;
let now: number;
const outcomes: string[] = [];

const secretAt = (name: string) =>
  new SecretFile(path.join(directory, name), {
    clock: () => now,
    onReload: (outcome) => outcomes.push(outcome),
  });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'rucio-mcp-secret-'));
  now = 0;
  outcomes.length = 0;
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Replaces the content as kubelet does: a new directory behind the link `..data`. */
async function project(generation: string, content: string): Promise<void> {
  const data = path.join(directory, generation);
  await mkdir(data);
  await writeFile(path.join(data, 'bearer'), content);
  await symlink(generation, path.join(directory, '..data_tmp'));
  await rename(path.join(directory, '..data_tmp'), path.join(directory, '..data'));
}

describe('a secret file', () => {
  it('is read without the white space around it', async () => {
    await writeFile(path.join(directory, 'bearer'), '  secret\n');
    expect(await secretAt('bearer').read()).toBe('secret');
  });

  it('is read again after kubelet has swapped it', async () => {
    await project('..one', 'first');
    await symlink('..data/bearer', path.join(directory, 'bearer'));
    const secret = secretAt('bearer');
    expect(await secret.read()).toBe('first');
    await project('..two', 'second');
    now += 999;
    expect(await secret.read()).toBe('first');
    now += 1;
    expect(await secret.read()).toBe('second');
    expect(outcomes).toEqual(['ok']);
  });

  it('is read again although the clock was set back', async () => {
    now = 7_200_000;
    await writeFile(path.join(directory, 'bearer'), 'first');
    const secret = secretAt('bearer');
    expect(await secret.read()).toBe('first');
    await writeFile(path.join(directory, 'bearer'), 'the second');
    now = 0;
    expect(await secret.read()).toBe('the second');
  });

  it('keeps its last good content while it can not be read', async () => {
    const file = path.join(directory, 'bearer');
    await writeFile(file, 'good');
    const secret = secretAt('bearer');
    await secret.read();
    await rm(file);
    now += 5000;
    expect(await secret.read()).toBe('good');
    await writeFile(file, '   ');
    now += 5000;
    expect(await secret.read()).toBe('good');
    await writeFile(file, 'better');
    now += 5000;
    expect(await secret.read()).toBe('better');
    expect(outcomes).toEqual(['error', 'error', 'ok']);
  });

  it.each([
    ['missing', undefined, /ENOENT/],
    ['empty', '', /is empty/],
    ['too large', 'x'.repeat(70_000), /larger than 65536 bytes/],
  ])(
    'that is %s from the start is an error that does not show it',
    async (_n, content, message) => {
      if (content !== undefined) await writeFile(path.join(directory, 'bearer'), content);
      const reading = secretAt('bearer').read();
      await expect(reading).rejects.toThrow(message);
      await expect(reading).rejects.not.toThrow(/xxx/);
    },
  );
});
