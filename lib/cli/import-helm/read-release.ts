import { spawnSync } from 'node:child_process';

import type { Manifest } from '../../constructs/checks/manifest';
import type { Release } from '../../contract/release';
import type { ImportOptions, Options } from '../arguments';
import { parseManifests, readState } from '../diff/state';
import { readEnvironment } from '../environment';
import { readRequestedValues, requestedRelease } from '../requested-values';
import type { RunSynthDeps } from '../run-synth';
import { UsageError } from '../usage-error';
import type { ValuesMap } from '../values/values-map';
import { readYamlValues } from '../values/yaml-values';

/** Most that helm may answer, in bytes. */
const MAX_ANSWER = 32 * 1024 * 1024;

/** Longest run of helm, in milliseconds. */
const MAX_RUN_MS = 120_000;

export interface HelmRelease {
  readonly given: ValuesMap;
  readonly chart: readonly Manifest[];
  readonly release: Release;
}

/**
 * What Helm knows of a release: from files that it has written, or by asking it.
 *
 * @throws {UsageError} when a file can not be read, or helm says no
 */
export function readRelease(
  options: Options,
  { manifest, release: name, kubeContext }: ImportOptions,
  deps: RunSynthDeps,
): HelmRelease {
  const release = requestedRelease(
    name === undefined ? options : { ...options, name },
    readEnvironment(deps.env),
  );
  if (name === undefined) {
    if (manifest === undefined) {
      throw new UsageError(
        'there is no release to import',
        'give --values and --manifest, with what "helm get values -o yaml" and "helm get manifest" write, or --release NAME',
      );
    }
    const { values } = readRequestedValues(options, deps);
    return { given: values, chart: readState(manifest, { ...deps, ...release }), release };
  }
  const get = (what: string, ...more: string[]) => {
    const context = kubeContext === undefined ? [] : ['--kube-context', kubeContext];
    const args = ['get', what, name, '--namespace', release.namespace, ...context, ...more];
    return helm(args, deps);
  };
  const own = readYamlValues(Buffer.from(get('values', '-o', 'yaml')), 'the answer of helm').values;
  const { values } = readRequestedValues({ ...options, optional: true, last: own }, deps);
  return { given: values, chart: parseManifests(get('manifest'), 'helm get', release), release };
}

function helm(args: readonly string[], { cwd, env }: RunSynthDeps): string {
  const { status, stdout, stderr, error } = spawnSync('helm', args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: MAX_ANSWER,
    timeout: MAX_RUN_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env }),
  });
  if (error === undefined && status === 0) return stdout;
  const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
  const trouble = isLate ? `it did not end within ${MAX_RUN_MS / 1000} s` : 'it can not run';
  const told = error === undefined ? stderr.trim() : trouble;
  throw new UsageError(
    `helm ${args.slice(0, 3).join(' ')} failed: ${told}`,
    'check release, namespace and context, or give files with --values and --manifest',
  );
}
