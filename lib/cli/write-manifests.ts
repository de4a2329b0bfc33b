import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { errorCode } from './error-code';
import { UsageError } from './usage-error';

/**
 * Writes a manifest file so that it is there whole or not at all: into a folder beside it first,
 * then moved. Other files of the directory are left alone.
 *
 * @param directory - made when it is missing
 * @returns the path of the file
 * @throws {UsageError} when the directory can not be written
 */
export function writeManifests(directory: string, file: string, text: string): string {
  const target = join(directory, file);
  let staging: string | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    staging = mkdtempSync(join(directory, '.synth-'));
    writeFileSync(join(staging, file), text);
    renameSync(join(staging, file), target);
  } catch (error) {
    throw new UsageError(
      `can not write ${target} (${errorCode(error)})`,
      'choose another --output',
    );
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
  return target;
}
