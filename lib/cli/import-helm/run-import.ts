import { visibleLines } from '../../contract/visible-text';
import { basename, dirname, resolve } from 'node:path';

import { stringify } from 'yaml';

import { readBundle } from '../../bundle/read';
import { readValues } from '../../contract/plan';
import type { ImportOptions, Options } from '../arguments';
import { type Outlook, outlook } from '../diff/consequences/consequences';
import { parseManifests } from '../diff/state';
import { stateDiff } from '../diff/state-diff';
import type { RunSynthDeps } from '../run-synth';
import { synthesize } from '../synthesize';
import { mergeValues } from '../values/merge-values';
import { writeManifests } from '../write-manifests';
import { type ImportedValues, importValues } from './import-values';
import { type HelmRelease, readRelease } from './read-release';
import { type ExplainedDifferences, explainDifferences } from './reasons';

/** What becomes another in the objects; not there where the values make no deployment. */
export interface Comparison {
  readonly differences: readonly ExplainedDifferences[];
  readonly outlook: Outlook;
}

/**
 * Takes the values of a running Helm release over, and explains every difference between what the
 * chart has rendered and what they give here. Nothing in a cluster changes.
 *
 * @returns the exit code: 0, or 1 where the values have to be mended first
 * @throws {UsageError} when options or files are wrong, or helm can not answer
 */
export function runImport(options: Options, wanted: ImportOptions, deps: RunSynthDeps): number {
  const found = readRelease(options, wanted, deps);
  const imported = importValues(found.given, found.chart, found.release);
  const comparison = compare(found, imported, deps.bundleDirectory);
  const yaml = stringify(imported.values);
  const { output = '-' } = options;
  if (output !== '-') {
    const file = resolve(deps.cwd, output);
    const paths = writeManifests(dirname(file), [{ path: basename(file), text: yaml }]);
    for (const path of paths) deps.stderr(`wrote ${path}\n`);
  }
  if (wanted.json === true) {
    deps.stdout(`${JSON.stringify({ ...imported, ...comparison }, undefined, 2)}\n`);
  } else {
    deps.stderr(visibleLines(importText(imported, comparison)));
    if (output === '-') deps.stdout(yaml);
  }
  return imported.problems.length === 0 ? 0 : 1;
}

function compare(
  { chart, release }: HelmRelease,
  { values }: ImportedValues,
  bundleDirectory: string,
): Comparison | undefined {
  const read = readValues(mergeValues({ files: [values] }), release, { allowUnserved: true });
  if (!read.ok) return undefined;
  const plan = read.value;
  const [items = []] = synthesize([{ id: plan.fullName, plan }], readBundle(bundleDirectory));
  const ours = parseManifests(JSON.stringify({ kind: 'List', items }), 'synth', release);
  const diff = stateDiff(chart, ours);
  return {
    differences: explainDifferences(diff),
    outlook: outlook(chart, ours, diff, { namespace: release.namespace }),
  };
}

function importText({ notes, problems }: ImportedValues, comparison?: Comparison): string {
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
  const words = { error: 'FIRST', warning: 'NOTE', info: 'info' } as const;
  return [
    ...section('To mend before these values synthesize:', problems),
    ...section(
      'Values:',
      notes.map(({ path, why }) => `${path}: ${why}`),
    ),
    ...section(
      'Differences from the chart:',
      (comparison?.differences ?? []).flatMap(({ why, differences }) => [
        why,
        ...differences.map((text) => `  - ${text}`),
      ]),
    ),
    ...section(
      'What follows from the switch:',
      (comparison?.outlook.consequences ?? []).flatMap(({ severity, message, remedy }) => [
        `${words[severity].padEnd(5)} ${message}`,
        ...(remedy === null ? [] : [`      → ${remedy}`]),
      ]),
    ),
    'Next: docs/migrate-from-helm.md, "Take over a running release".\n',
  ].join('\n');
}
