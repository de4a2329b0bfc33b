import { type Manifest, title, valuesAt } from './manifest';

type Labels = Readonly<Record<string, string>>;

const SELECTORS: Readonly<Record<string, string>> = {
  Deployment: 'spec.selector.matchLabels',
  Service: 'spec.selector',
  NetworkPolicy: 'spec.podSelector.matchLabels',
  PodDisruptionBudget: 'spec.selector.matchLabels',
  PodMonitor: 'spec.selector.matchLabels',
};

/** Kinds that make pods. */
const WORKLOADS = ['Deployment', 'Job', 'StatefulSet', 'DaemonSet'];

/** Every selector of pods finds exactly one workload; every monitor finds exactly one Service. */
export function selectorProblems(manifests: readonly Manifest[]): string[] {
  const workloads = manifests.filter(({ kind }) => WORKLOADS.includes(kind));
  const services = manifests.filter(({ kind }) => kind === 'Service');
  return manifests.flatMap((manifest) => {
    if (manifest.kind === 'ServiceMonitor') {
      const selector = labelsAt(manifest, 'spec.selector.matchLabels');
      const found = services.filter(({ metadata }) => matches(selector, metadata.labels ?? {}));
      return count(manifest, found.length, 'Service');
    }
    const path = SELECTORS[manifest.kind];
    if (path === undefined) return [];
    const selector = labelsAt(manifest, path);
    const found = workloads.filter((workload) =>
      matches(selector, labelsAt(workload, 'spec.template.metadata.labels')),
    );
    return count(manifest, found.length, 'workload');
  });
}

function count(manifest: Manifest, found: number, what: string): string[] {
  return found === 1 ? [] : [`${title(manifest)} selects ${found} ${what}s instead of exactly one`];
}

function labelsAt(manifest: Manifest, path: string): Labels {
  return (valuesAt(manifest, path)[0] ?? {}) as Labels;
}

/** An empty selector would match everything, and is never meant. */
function matches(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
