import { DEFAULT_RELEASE, type Release } from '../contract/release';
import { type Options, SET_FAMILY } from './arguments';
import { type SynthEnvironment, readEnvironment } from './environment';
import { mergeValues } from './values/merge-values';
import { readValuesFiles, setFileReader, valuesFiles } from './values/read-sources';
import type { ValuesMap } from './values/values-map';

/** Values and release as options and environment ask for them. */
export interface RequestedValues {
  readonly values: ValuesMap;
  readonly release: Release;
  readonly warnings: readonly string[];
}

export interface RequestDeps {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface RequestedValuesOptions extends Options {
  /** Whether it is no problem that nothing gives values. */
  readonly optional?: boolean;
  /** A file that is read after all others. */
  readonly last?: ValuesMap;
}

/**
 * Reads and merges everything that gives values.
 *
 * @throws {UsageError} when a file can not be read
 * @throws {SetProblems} when arguments have no meaning
 */
export function readRequestedValues(
  options: RequestedValuesOptions,
  { env, cwd }: RequestDeps,
): RequestedValues {
  const environment = readEnvironment(env);
  const given = SET_FAMILY.some((option) => options[option].length > 0);
  const names = valuesFiles({
    files: options.values,
    environmentFile: environment.values,
    optional: options.optional === true || options.last !== undefined || given,
    cwd,
  });
  const { files, warnings } = readValuesFiles(names);
  const all = options.last === undefined ? files : [...files, options.last];
  const values = mergeValues({ ...options, files: all }, { readFile: setFileReader(cwd) });
  return { values, warnings, release: requestedRelease(options, environment) };
}

/** The release of a command without environments. */
export function requestedRelease(options: Options, environment: SynthEnvironment): Release {
  return {
    name: options.name ?? environment.name ?? DEFAULT_RELEASE.name,
    namespace: options.namespace ?? environment.namespace ?? DEFAULT_RELEASE.namespace,
  };
}
