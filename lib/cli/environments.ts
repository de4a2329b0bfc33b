import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { DEFAULT_RELEASE, type Release } from '../contract/release';
import { errorCode } from './error-code';
import { UsageError } from './usage-error';
import { readValuesFiles } from './values/read-sources';
import { type ValuesMap, getKey, isMap } from './values/values-map';

/** One deployment of several, from a values file of its own. */
export interface Environment {
  /** The name of the file without its ending: the folder of the manifests. */
  readonly name: string;
  readonly file: string;
  readonly values: ValuesMap;
  readonly release: Release;
  readonly warnings: readonly string[];
}

/** The key of an environment's file that holds what is no value: `{name, namespace}`. */
const RELEASE_KEY = 'release';

/**
 * Reads one environment from each `.yaml` of a directory, by name.
 *
 * @param release - name and namespace where a file has no `release`
 * @throws {UsageError} when there is none, or one can not be read
 */
export function readEnvironments(
  directory: string,
  release: Partial<Release>,
): readonly Environment[] {
  const names = list(directory).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0) {
    throw new UsageError(
      `${directory} has no values files`,
      'put one file for each environment there, e.g. prod.yaml',
    );
  }
  const files = names.sort().map((name) => join(directory, name));
  const problems: string[] = [];
  const environments = files.flatMap((file) => {
    try {
      return [toEnvironment(file, release)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return environments;
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw new UsageError(`can not read ${directory} (${errorCode(error)})`, 'check its name');
  }
}

function toEnvironment(file: string, given: Partial<Release>): Environment {
  const { files, warnings } = readValuesFiles([file]);
  const { [RELEASE_KEY]: own = {}, ...values } = files[0] ?? {};
  const known = ['name', 'namespace'];
  if (!isMap(own) || Object.keys(own).some((key) => !known.includes(key))) {
    throw new UsageError(`${file}: ${RELEASE_KEY} is a map with the keys name and namespace`);
  }
  const text = (key: 'name' | 'namespace') => {
    const value = getKey(own, key) ?? given[key] ?? DEFAULT_RELEASE[key];
    if (typeof value === 'string') return value;
    throw new UsageError(`${file}: ${RELEASE_KEY}.${key} is no text`, 'quote it');
  };
  return {
    name: basename(file).replace(/\.ya?ml$/, ''),
    file,
    values,
    release: { name: text('name'), namespace: text('namespace') },
    warnings,
  };
}

/** What makes a folder of manifests a unit for `kubectl apply -k`, Argo CD and Flux. */
export function kustomization(files: readonly string[]): string {
  return [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    ...files.map((file) => `  - ${file}`),
    '',
  ].join('\n');
}
