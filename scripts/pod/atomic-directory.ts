import {
  mkdir,
  mkdtemp,
  readlink,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One file of a volume. */
export interface VolumeFile {
  /** Path below the mount point, without `..`. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** The link that the kubelet swaps: all files change in one instant. */
const DATA = '..data';

/**
 * Writes a volume's files as the kubelet does: into a new directory, to which the link `..data` is
 * then moved in one step; the names that programs open are links through it.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/volume/util/atomic_writer.go
 */
export async function writeAtomically(
  directory: string,
  files: readonly VolumeFile[],
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const before = await readlink(join(directory, DATA)).catch(() => undefined);
  const fresh = await mkdtemp(join(directory, '..data-'));
  for (const { path, content, mode } of files) {
    const target = join(fresh, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await writeFile(target, content, { mode });
  }
  await swapLink(join(directory, DATA), fresh.slice(directory.length + 1));
  await linkNames(directory, files);
  if (before !== undefined) await rm(join(directory, before), { recursive: true, force: true });
}

async function linkNames(directory: string, files: readonly VolumeFile[]): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path.split('/')[0] ?? path));
  const present = (await readdir(directory)).filter((name) => !name.startsWith('..'));
  for (const name of wanted) {
    if (!present.includes(name)) await symlink(join(DATA, name), join(directory, name));
  }
  for (const name of present) {
    if (!wanted.has(name)) await rm(join(directory, name));
  }
}

async function swapLink(link: string, target: string): Promise<void> {
  const aside = `${link}_tmp`;
  await rm(aside, { force: true });
  await symlink(target, aside);
  await rename(aside, link);
}
