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

/** What the selector of an object finds. */
export interface Selection {
  readonly what: 'Service' | 'workload';
  readonly found: readonly Manifest[];
}

/** Whether an object has a selector that is looked at. */
export function isSelecting({ kind }: Manifest): boolean {
  return kind === 'ServiceMonitor' || SELECTORS[kind] !== undefined;
}

/** What an object selects among others; `undefined` for a kind without selector. */
export function selectionOf(
  manifest: Manifest,
  manifests: readonly Manifest[],
): Selection | undefined {
  if (manifest.kind === 'ServiceMonitor') {
    const selector = labelsAt(manifest, 'spec.selector.matchLabels');
    const services = manifests.filter(({ kind }) => kind === 'Service');
    const found = services.filter(({ metadata }) => matches(selector, metadata.labels ?? {}));
    return { what: 'Service', found };
  }
  const path = SELECTORS[manifest.kind];
  if (path === undefined) return undefined;
  const selector = labelsAt(manifest, path);
  const found = manifests.filter(
    (workload) =>
      WORKLOADS.includes(workload.kind) &&
      matches(selector, labelsAt(workload, 'spec.template.metadata.labels')),
  );
  return { what: 'workload', found };
}

/** Every selector of pods finds exactly one workload; every monitor finds exactly one Service. */
export function selectorProblems(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const selection = selectionOf(manifest, manifests);
    return selection === undefined ? [] : count(manifest, selection.found.length, selection.what);
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
