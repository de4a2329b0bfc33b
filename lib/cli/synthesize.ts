import { App } from 'cdk8s';

import { readBundle } from '../bundle/read';
import { ServerChart } from '../charts/server';
import { planFrom } from '../contract/plan';
import type { Release } from '../contract/release';

export interface SynthesizeOptions {
  /** Values as an operator wrote them. */
  readonly values: unknown;
  readonly release: Release;
  /** Where the build put the server. */
  readonly bundleDirectory: string;
}

/**
 * The manifests of one deployment as YAML. Nothing is written.
 *
 * @throws {ConfigError} with every problem of the values
 * @throws {BundleError} when the build is incomplete
 * @throws {Error} when the manifests fail a check; the message lists every failure
 */
export function synthesize({ values, release, bundleDirectory }: SynthesizeOptions): string {
  const plan = planFrom(values, release);
  const app = new App();
  new ServerChart(app, plan.fullName, { plan, bundle: readBundle(bundleDirectory) });
  return app.synthYaml();
}
