import { App, Yaml } from 'cdk8s';

import type { Bundle } from '../bundle/manifest';
import { ServerChart } from '../charts/server';
import type { Manifest } from '../constructs/checks/manifest';
import type { Plan } from '../contract/plan';
import { UsageError } from './usage-error';

/** One deployment of the app. */
export interface Deployment {
  /** The id of its chart. */
  readonly id: string;
  readonly plan: Plan;
}

/**
 * The objects of each deployment, in one app with a chart each. Nothing is written.
 *
 * @throws {Error} when the manifests fail a check; the message lists every failure
 */
export function synthesize(deployments: readonly Deployment[], bundle: Bundle): Manifest[][] {
  const app = new App();
  const charts = deployments.map(({ id, plan }) => new ServerChart(app, id, { plan, bundle }));
  return charts.map((chart) => chart.toJson() as Manifest[]);
}

/** Manifests as YAML, as cdk8s writes them. */
export function toYaml(manifests: readonly Manifest[]): string {
  return Yaml.stringify(...manifests);
}

/**
 * The objects that `--show-only` names, as `KIND` or `KIND/NAME`; case does not matter.
 *
 * @throws {UsageError} when one of them names nothing
 */
export function showOnly(manifests: readonly Manifest[], wanted: readonly string[]): Manifest[] {
  const names = (manifest: Manifest) => {
    const kind = manifest.kind.toLowerCase();
    return [kind, `${kind}/${manifest.metadata.name.toLowerCase()}`];
  };
  const missing = wanted.filter((name) => {
    return !manifests.some((manifest) => names(manifest).includes(name.toLowerCase()));
  });
  if (missing.length > 0) {
    const all = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    throw new UsageError(
      `there is no ${missing.join(', no ')}`,
      `choose of: ${[...new Set(all)].join(', ')}`,
    );
  }
  return manifests.filter((manifest) =>
    wanted.some((name) => names(manifest).includes(name.toLowerCase())),
  );
}
