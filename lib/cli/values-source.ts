import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { errorCode } from './error-code';
import { UsageError } from './usage-error';
import { MAX_VALUES_BYTES, type ValuesMap, parseYamlValues } from './yaml-values';

/**
 * One layer of values and where it comes from. Another way to give values is another arm here and
 * another case in {@link readValuesSource}; layers are merged in the order of the command line.
 */
export interface ValuesSource {
  readonly kind: 'file';
  readonly path: string;
}

/** The file that is read where neither `-f` nor the environment names one. */
export const DEFAULT_VALUES_FILE = 'values.yaml';

export interface ValuesSourceOptions {
  /** Values of `-f`, in order. */
  readonly files: readonly string[];
  /** The file that the environment names. */
  readonly environmentFile: string | undefined;
  readonly cwd: string;
}

/**
 * The layers of values, lowest first.
 *
 * @throws {UsageError} when there is nothing to read
 */
export function valuesSources(options: ValuesSourceOptions): readonly ValuesSource[] {
  const { files, environmentFile, cwd } = options;
  if (files.length > 0) return files.map((path) => ({ kind: 'file', path: resolve(cwd, path) }));
  if (environmentFile !== undefined) return [{ kind: 'file', path: resolve(cwd, environmentFile) }];
  const path = resolve(cwd, DEFAULT_VALUES_FILE);
  if (existsSync(path)) return [{ kind: 'file', path }];
  throw new UsageError(
    `there are no values: no -f option, and no ${DEFAULT_VALUES_FILE} in ${cwd}`,
    'write a values file and name it with -f FILE',
  );
}

/** @throws {UsageError} when the file can not be read or is not a values file */
export function readValuesSource(source: ValuesSource): ValuesMap {
  return parseYamlValues(readFile(source.path), source.path);
}

function readFile(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MAX_VALUES_BYTES) {
      throw new UsageError(`${path} has ${size} bytes; ${MAX_VALUES_BYTES} is the most`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `can not read ${path} (${errorCode(error)})`,
      'check the name of the values file',
    );
  }
}
