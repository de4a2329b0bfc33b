import { App } from 'cdk8s';

import { readBundle } from '../bundle/read';
import { ServerChart } from '../charts/server';
import { formatPath } from '../contract/issues';
import { planFrom } from '../contract/plan';
import type { Release } from '../contract/release';

export interface SynthesizeOptions {
  /** Values as an operator wrote them. */
  readonly values: unknown;
  readonly release: Release;
  /** Where the build put the server. */
  readonly bundleDirectory: string;
  /** @default false */
  readonly allowUnserved?: boolean;
  /** Receives what an operator should know about the values, one note a call. */
  readonly note?: (text: string) => void;
}

/**
 * The manifests of one deployment as YAML. Nothing is written.
 *
 * @throws {ConfigError} with every problem of the values
 * @throws {BundleError} when the build is incomplete
 * @throws {Error} when the manifests fail a check; the message lists every failure
 */
export function synthesize(options: SynthesizeOptions): string {
  const { values, release, bundleDirectory, allowUnserved = false, note } = options;
  const plan = planFrom(values, release, { allowUnserved });
  for (const { path, message, fix } of plan.notes) {
    note?.(`note: ${formatPath(path)}: ${message}${fix === undefined ? '' : `; ${fix}`}`);
  }
  const app = new App();
  new ServerChart(app, plan.fullName, { plan, bundle: readBundle(bundleDirectory) });
  return app.synthYaml();
}
