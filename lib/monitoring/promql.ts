import { METRICS, type MetricId, type MetricLabels } from '../contract/metrics';

type IdsOfKind<Kind extends string> = {
  [Id in MetricId]: (typeof METRICS)[Id]['kind'] extends Kind ? Id : never;
}[MetricId];

/** Metrics of the process and of Prometheus itself that queries use. */
export const OTHER_METRICS = {
  /** 1 for every target that was scraped, 0 for one that could not be; made by Prometheus. */
  up: 'up',
  residentMemory: 'process_resident_memory_bytes',
  openFds: 'process_open_fds',
  maxFds: 'process_max_fds',
  eventLoopLag: 'nodejs_eventloop_lag_p99_seconds',
  cpu: 'process_cpu_seconds_total',
} as const;

/** Matchers of labels: `site: '=~"$site"'`, operator and quoted value. */
type Matchers<Label extends string> = { readonly [L in Label]?: string };

/** Labels that Prometheus gives to every series of a target. */
export type TargetLabel = 'job' | 'namespace';

/** A series of a metric of ours; a label that the metric has not does not compile. */
export function series<Id extends IdsOfKind<'counter' | 'gauge'>>(
  id: Id,
  matchers: Matchers<MetricLabels<Id> | TargetLabel> = {},
): string {
  return select(METRICS[id].name, matchers);
}

/** The buckets of a histogram of ours. */
export function buckets<Id extends IdsOfKind<'histogram'>>(
  id: Id,
  matchers: Matchers<MetricLabels<Id> | TargetLabel | 'le'> = {},
): string {
  return select(`${METRICS[id].name}_bucket`, matchers);
}

/** A series of the process or of Prometheus, of one job. */
export function other(
  id: keyof typeof OTHER_METRICS,
  job: string,
  matchers: Matchers<'namespace'> = {},
): string {
  return select(OTHER_METRICS[id], { job: `="${job}"`, ...matchers });
}

/** How many observations a histogram of ours has. */
export function count<Id extends IdsOfKind<'histogram'>>(
  id: Id,
  matchers: Matchers<MetricLabels<Id> | TargetLabel> = {},
): string {
  return select(`${METRICS[id].name}_count`, matchers);
}

/** Sum by some labels of a metric; without labels, of everything. */
export function sumBy(labels: readonly string[], expression: string): string {
  return labels.length === 0
    ? `sum(${expression})`
    : `sum by (${labels.join(', ')}) (${expression})`;
}

/** Growth a second of counters or buckets. */
export function rate(selector: string, window: string): string {
  return `rate(${selector}[${window}])`;
}

/** Growth over a window. */
export function increase(selector: string, window: string): string {
  return `increase(${selector}[${window}])`;
}

/** A quantile of a histogram, kept apart by labels. */
export function quantile(
  q: number,
  histogram: string,
  window: string,
  by: readonly string[] = [],
): string {
  return `histogram_quantile(${q}, ${sumBy(['le', ...by], rate(histogram, window))})`;
}

/** A share of two sums; 0 where there is nothing to share. */
export function ratio(part: string, whole: string): string {
  return `(${part} or vector(0)) / (${whole} > 0)`;
}

/** A series by its name; what has functions of its own above is better asked for by those. */
export function select(
  name: string,
  matchers: Readonly<Record<string, string | undefined>>,
): string {
  const entries = Object.entries(matchers).filter(([, matcher]) => matcher !== undefined);
  if (entries.length === 0) return name;
  return `${name}{${entries.map(([label, matcher]) => `${label}${matcher ?? ''}`).join(', ')}}`;
}
