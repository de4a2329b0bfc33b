import { basename, dirname, extname, resolve } from 'node:path';

import { readBundle } from '../../bundle/read';
import type { GraphFormat, Options } from '../arguments';
import { type RunSynthDeps, readTarget } from '../run-synth';
import { synthesize } from '../synthesize';
import { deploymentModel } from '../deployment/deployment-model';
import { UsageError } from '../usage-error';
import { writeManifests } from '../write-manifests';
import { html } from './html';
import { mermaid } from './mermaid';
import { svg } from './svg';

export interface GraphRequest {
  readonly options: Options;
  readonly format: GraphFormat | undefined;
}

const DRAW = { mermaid, svg, html } as const satisfies Record<GraphFormat, unknown>;

/**
 * Draws the deployment that the same options would synthesize. No manifest is written.
 *
 * @throws {UsageError} when options or files are wrong
 * @throws {ConfigError} when values are wrong
 */
export function runGraph({ options, format }: GraphRequest, deps: RunSynthDeps): void {
  if (options.environments !== undefined) {
    throw new UsageError('graph draws one deployment', 'give its values file with -f');
  }
  const { plan, warnings } = readTarget(options, deps);
  for (const warning of warnings) deps.stderr(`warning: ${warning}\n`);
  const [manifests = []] = synthesize(
    [{ id: plan.fullName, plan }],
    readBundle(deps.bundleDirectory),
  );
  const draw = DRAW[format ?? formatOf(options.output)];
  const text = draw(deploymentModel(plan, manifests));
  if (options.output === undefined || options.output === '-') {
    deps.stdout(text);
    return;
  }
  const file = resolve(deps.cwd, options.output);
  const paths = writeManifests(dirname(file), [{ path: basename(file), text }]);
  for (const path of paths) deps.stderr(`wrote ${path}\n`);
}

function formatOf(file: string | undefined): GraphFormat {
  switch (extname(file ?? '').toLowerCase()) {
    case '.svg':
      return 'svg';
    case '.html':
    case '.htm':
      return 'html';
    default:
      return 'mermaid';
  }
}
