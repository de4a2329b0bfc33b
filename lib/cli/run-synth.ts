import { join, resolve } from 'node:path';

import { readBundle } from '../bundle/read';
import type { Manifest } from '../constructs/checks/manifest';
import { formatPath } from '../contract/issues';
import { type Plan, planFrom } from '../contract/plan';
import type { Release } from '../contract/release';
import { DEFAULT_OUTPUT, type Options } from './arguments';
import { readEnvironment } from './environment';
import { kustomization, readEnvironments } from './environments';
import { deploymentNotes } from './notes/deployment-notes';
import { readRequestedValues, requestedRelease } from './requested-values';
import { showOnly, synthesize, toYaml } from './synthesize';
import { UsageError } from './usage-error';
import type { ValuesMap } from './values/values-map';
import { type OutputFile, writeManifests } from './write-manifests';

export interface RunSynthDeps {
  readonly bundleDirectory: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** One deployment that is asked for. */
export interface Target {
  /** The folder of an environment; `''` for the only deployment. */
  readonly folder: string;
  readonly plan: Plan;
  readonly warnings: readonly string[];
}

/** Stands for standard output. */
const STDOUT = '-';

const NOTES_FILE = 'NOTES.md';

/**
 * Reads values, makes manifests and writes them: all, or nothing where anything is wrong.
 *
 * @throws {UsageError} when options or files are wrong
 * @throws {ConfigError} when values are wrong
 */
export function runSynth(options: Options, deps: RunSynthDeps): void {
  const targets = readTargets(options, deps);
  tellWarnings(targets, options, deps);
  const deployments = targets.map(({ folder, plan }) => ({
    id: folder === '' ? plan.fullName : folder,
    plan,
  }));
  const made = synthesize(deployments, readBundle(deps.bundleDirectory));
  if (options.showOnly.length > 0) {
    deps.stdout(toYaml(showOnly(made.flat(), options.showOnly)));
    return;
  }
  write(targets, made, options, deps);
}

/** The only deployment that the options ask for. */
export function readTarget(options: Options, deps: RunSynthDeps): Target {
  const { values, release, warnings } = readRequestedValues(options, deps);
  const plan = planFrom(values, release, { allowUnserved: mayBeUnserved(options, deps) });
  return { folder: '', warnings, plan };
}

function mayBeUnserved({ allowUnserved }: Options, { env }: RunSynthDeps): boolean {
  return allowUnserved ?? readEnvironment(env).allowUnserved !== undefined;
}

/** All deployments that the options ask for. */
export function readTargets(options: Options, deps: RunSynthDeps): readonly Target[] {
  if (options.environments === undefined) return [readTarget(options, deps)];
  const allowUnserved = mayBeUnserved(options, deps);
  const directory = resolve(deps.cwd, options.environments);
  const defaults = requestedRelease(options, readEnvironment(deps.env));
  const problems: string[] = [];
  const targets = readEnvironments(directory, defaults).flatMap((found): Target[] => {
    const read = (last: ValuesMap, release: Release) => {
      const { values, warnings } = readRequestedValues({ ...options, last }, deps);
      const plan = planFrom(values, release, { allowUnserved, subject: found.file });
      return { folder: found.name, plan, warnings: [...warnings, ...found.warnings] };
    };
    try {
      return [read(found.values, found.release)];
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  if (problems.length > 0) throw new UsageError([...new Set(problems)].join('\n\n'));
  return targets;
}

/** @throws {UsageError} where there are some and `--strict` is given */
function tellWarnings(targets: readonly Target[], { strict }: Options, deps: RunSynthDeps): void {
  const lines = targets.flatMap(({ folder, plan, warnings }) => {
    const where = folder === '' ? '' : `${folder}: `;
    const notes = plan.notes.map(
      ({ path, message, fix }) =>
        `note: ${where}${formatPath(path)}: ${message}${fix === undefined ? '' : `; ${fix}`}`,
    );
    return [...warnings.map((warning) => `warning: ${where}${warning}`), ...notes];
  });
  const all = [...new Set(lines)];
  if (strict && all.length > 0) {
    throw new UsageError(
      `${all.join('\n')}\nwith --strict these are errors`,
      'mend the values, or leave --strict out',
    );
  }
  for (const line of all) deps.stderr(`${line}\n`);
}

function write(
  targets: readonly Target[],
  made: readonly Manifest[][],
  options: Options,
  deps: RunSynthDeps,
): void {
  const output = options.output ?? readEnvironment(deps.env).outdir ?? DEFAULT_OUTPUT;
  const notesOf = ({ plan, folder }: Target, index: number) => {
    const manifests = made[index] ?? [];
    if (output === STDOUT) return deploymentNotes({ plan, manifests, target: undefined });
    const target =
      folder === '' ? `-f ${join(output, manifestFile(plan))}` : `-k ${join(output, folder)}`;
    return deploymentNotes({ plan, manifests, target });
  };
  if (output === STDOUT) {
    deps.stdout(made.map(toYaml).join('---\n'));
  } else {
    const files = targets.flatMap((target, index): OutputFile[] => {
      const file = manifestFile(target.plan);
      const at = (name: string) => join(target.folder, name);
      return [
        { path: at(file), text: toYaml(made[index] ?? []) },
        ...(target.folder === ''
          ? []
          : [{ path: at('kustomization.yaml'), text: kustomization([file]) }]),
        ...(options.notes ? [{ path: at(NOTES_FILE), text: notesOf(target, index) }] : []),
      ];
    });
    const paths = writeManifests(resolve(deps.cwd, output), files);
    for (const path of paths) deps.stderr(`wrote ${path}\n`);
  }
  const [only] = targets;
  if (targets.length === 1 && only !== undefined) deps.stderr(`\n${notesOf(only, 0)}`);
}

/** The file of a deployment in the output directory, or in the folder of its environment. */
export function manifestFile({ release }: Plan): string {
  return `${release.name}.k8s.yaml`;
}
