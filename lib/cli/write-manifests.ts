import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { errorCode } from './error-code';
import { UsageError } from './usage-error';

/** A file to write. */
export interface OutputFile {
  /** From the output directory. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files so that a run that fails leaves the old ones whole: all of them go into a folder
 * beside them first, and are then moved one by one. Other files of the directory are left alone.
 *
 * @param directory - made when it is missing
 * @returns the paths of the files
 * @throws {UsageError} when the directory can not be written
 */
export function writeManifests(directory: string, files: readonly OutputFile[]): string[] {
  const targets = files.map(({ path }) => join(directory, path));
  let staging: string | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    staging = mkdtempSync(join(directory, '.synth-'));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      writeFileSync(join(staging, path), text);
    }
    for (const [index, { path }] of files.entries()) {
      const target = targets[index] ?? '';
      mkdirSync(dirname(target), { recursive: true });
      renameSync(join(staging, path), target);
    }
  } catch (error) {
    throw new UsageError(
      `can not write ${targets[0] ?? directory} (${errorCode(error)})`,
      'choose another --output',
    );
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
  return targets;
}
