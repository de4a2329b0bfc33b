import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { errorCode } from '../error-code';
import { UsageError } from '../usage-error';
import { SetError } from './set-error';
import type { ValuesMap } from './values-map';
import { MAX_VALUES_BYTES, readYamlValues } from './yaml-values';

/** The file that is read where neither `-f` nor the environment names one. */
export const DEFAULT_VALUES_FILE = 'values.yaml';

/** The name that stands for standard input, as for Helm. */
const STDIN = '-';

export interface ValuesFilesOptions {
  /** What stands behind each `-f`: a name, or several with commas. */
  readonly files: readonly string[];
  /** The file that the environment names. */
  readonly environmentFile: string | undefined;
  /** Whether values come from somewhere else too, so that no file is needed. */
  readonly optional: boolean;
  readonly cwd: string;
}

/**
 * The values files to read, lowest first.
 *
 * @throws {UsageError} when there is nothing to read
 */
export function valuesFiles(options: ValuesFilesOptions): readonly string[] {
  const { files, environmentFile, optional, cwd } = options;
  if (files.length > 0) return files.flatMap(split).map((name) => path(name, cwd));
  if (environmentFile !== undefined) return [path(environmentFile, cwd)];
  const fallback = resolve(cwd, DEFAULT_VALUES_FILE);
  if (existsSync(fallback)) return [fallback];
  if (optional) return [];
  throw new UsageError(
    `there are no values: no -f option, and no ${DEFAULT_VALUES_FILE} in ${cwd}`,
    'write a values file and name it with -f FILE',
  );
}

/** `a.yaml,b.yaml` is two names; double quotes hold a name together that has a comma. */
function split(text: string): string[] {
  const quoted = /"((?:[^"]|"")*)"|[^,]+/g;
  return [...text.matchAll(quoted)].map(([whole, inner]) => inner?.replaceAll('""', '"') ?? whole);
}

function path(name: string, cwd: string): string {
  return name.trim() === STDIN ? STDIN : resolve(cwd, name);
}

/** Values files as they were read, in order. */
export interface ValuesFiles {
  readonly files: readonly ValuesMap[];
  readonly warnings: readonly string[];
}

/**
 * Reads values files; what is wrong with any of them is told at once.
 *
 * @throws {UsageError} when a file can not be read or is not a values file
 */
export function readValuesFiles(names: readonly string[]): ValuesFiles {
  const problems: string[] = [];
  const warnings: string[] = [];
  const files = names.map((file) => {
    try {
      const read = readYamlValues(readBytes(file), file === STDIN ? 'standard input' : file);
      warnings.push(...read.warnings);
      return read.values;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error.message);
      return {};
    }
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return { files, warnings };
}

/** Reads what `--set-file` names, as text. */
export function setFileReader(cwd: string): (name: string) => string {
  return (name) => {
    const bytes = readBytes(path(name, cwd));
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new SetError(`${name} is not UTF-8 text`);
    }
  };
}

function readBytes(file: string): Buffer {
  try {
    if (file === STDIN) return readFileSync(0);
    const stat = statSync(file);
    if (stat.size > MAX_VALUES_BYTES) {
      throw new UsageError(`${file} has ${stat.size} bytes; ${MAX_VALUES_BYTES} is the most`);
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`can not read ${file} (${errorCode(error)})`, nextFor(file));
  }
}

function nextFor(file: string): string {
  return /:\/{1,2}[^/]/.test(file)
    ? 'download it first: only files are read'
    : 'check the name of the file';
}
