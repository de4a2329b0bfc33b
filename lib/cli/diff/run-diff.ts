import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { readBundle } from '../../bundle/read';
import type { Manifest } from '../../constructs/checks/manifest';
import { DEFAULT_OUTPUT, type DiffOptions, type Options } from '../arguments';
import { readEnvironment } from '../environment';
import { type RunSynthDeps, type Target, manifestFile, readTargets } from '../run-synth';
import { synthesize } from '../synthesize';
import { UsageError } from '../usage-error';
import { readCluster } from './cluster';
import { outlook } from './consequences/consequences';
import type { ClusterFacts } from './consequences/consequence';
import { type Report, reportJson, reportText } from './report';
import { STDIN, parseManifests, readState } from './state';
import { isEmpty, stateDiff } from './state-diff';

/** Exit codes, as `kubectl diff` has them. */
export const EXIT = { same: 0, different: 1, problem: 2 } as const;

export interface RunDiffDeps extends RunSynthDeps {
  readonly isTerminal?: boolean;
}

/**
 * Tells what the values would change, against the last output, other manifests or the cluster, and
 * what follows from it. Nothing is written and nothing in a cluster changes.
 *
 * @returns the exit code
 * @throws {UsageError} when options or files are wrong, or kubectl can not answer
 * @throws {ConfigError} when values are wrong
 */
export function runDiff(options: Options, diff: DiffOptions, deps: RunDiffDeps): number {
  const { output = 'text' } = options;
  if (output !== 'text' && output !== 'json') {
    throw new UsageError(
      `diff writes no manifests to ${output}`,
      'leave --output out, or use --output json; name what to compare with by --against',
    );
  }
  if (diff.cluster === true && diff.against !== undefined) {
    throw new UsageError('--cluster and --against exclude each other', 'give one of them');
  }
  const targets = readTargets(options, deps);
  if (diff.against === STDIN && targets.length > 1) {
    throw new UsageError('standard input is one deployment', 'name the directory with --against');
  }
  for (const { warnings } of targets) {
    for (const warning of warnings) deps.stderr(`warning: ${warning}\n`);
  }
  const made = synthesize(
    targets.map(({ folder, plan }) => ({ id: folder === '' ? plan.fullName : folder, plan })),
    readBundle(deps.bundleDirectory),
  );
  const reports = targets.map((target, index) => {
    return reportOf(target, made[index] ?? [], diff, deps);
  });
  const isColoured = deps.isTerminal === true && readEnvironment(deps.env).noColor === undefined;
  deps.stdout(output === 'json' ? reportJson(reports) : reportText(reports, { isColoured }));
  return reports.every((report) => isEmpty(report.diff)) ? EXIT.same : EXIT.different;
}

function reportOf(
  target: Target,
  manifests: readonly Manifest[],
  options: DiffOptions,
  deps: RunDiffDeps,
): Report {
  const { release } = target.plan;
  // As they come out of the YAML: the other side was read, too.
  const after = parseManifests(
    JSON.stringify({ kind: 'List', items: manifests }),
    'synth',
    release,
  );
  const { source, before, cluster } = beforeOf(target, after, options, deps);
  const found = stateDiff(before, after);
  const facts = cluster === undefined ? {} : { cluster };
  return {
    release,
    environment: target.folder,
    against: source,
    diff: found,
    outlook: outlook(before, after, found, { namespace: release.namespace, ...facts }),
  };
}

interface Before {
  /** How to call it. */
  readonly source: string;
  readonly before: readonly Manifest[];
  readonly cluster?: ClusterFacts;
}

function beforeOf(
  { folder, plan }: Target,
  after: readonly Manifest[],
  { against, cluster, context }: DiffOptions,
  deps: RunDiffDeps,
): Before {
  const { release } = plan;
  if (cluster === true) {
    const { objects, facts } = readCluster(after, { ...deps, context, release });
    const source = `the cluster${context === undefined ? '' : ` (context ${context})`}`;
    return { source, before: objects, cluster: facts };
  }
  const base = against ?? readEnvironment(deps.env).outdir ?? DEFAULT_OUTPUT;
  if (base === STDIN) {
    return { source: 'standard input', before: readState(STDIN, { ...deps, ...release }) };
  }
  const directory = join(base, folder);
  const file = join(directory, manifestFile(plan));
  // Another release may have its file beside ours.
  const isOwn = against === undefined || existsSync(resolve(deps.cwd, file));
  const source = isOwn ? file : directory;
  return { source, before: readState(source, { cwd: deps.cwd, namespace: release.namespace }) };
}
