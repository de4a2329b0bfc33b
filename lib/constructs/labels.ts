import type { Plan } from '../contract/plan';
import { APP_NAME } from '../contract/release';
import { LabelValue } from '../contract/values/kubernetes';

type Labels = Readonly<Record<string, string>>;

/** What an object is for; `app.kubernetes.io/component`. */
export type Component = 'server' | 'metrics' | 'bundle' | 'monitoring' | 'smoke-test';

/**
 * The labels that select the pods. Exactly the two of the Helm chart: a Deployment's selector can
 * not be changed, so an existing release can be taken over.
 */
export function selectorLabels({ app, release }: Plan): Labels {
  return { 'app.kubernetes.io/name': app, 'app.kubernetes.io/instance': release.name };
}

/** The version of what runs: the Python server's own where it runs. */
function appVersion({ values: { runtime, rucioMcp } }: Plan, version: string): string {
  return runtime.kind === 'pixi' && LabelValue.safeParse(rucioMcp.version).success
    ? rucioMcp.version
    : version;
}

/**
 * The labels of an object.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function objectLabels(plan: Plan, version: string, component: Component): Labels {
  return {
    ...selectorLabels(plan),
    'app.kubernetes.io/version': appVersion(plan, version),
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': APP_NAME,
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
