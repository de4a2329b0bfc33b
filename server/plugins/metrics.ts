import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

import { METRICS, type MetricId, type MetricLabels } from '../../lib/contract/metrics';
import { VERSION } from '../../lib/contract/version';

type Labels<Id extends MetricId> = Record<MetricLabels<Id>, string>;
type IdsOfKind<Kind extends string> = {
  [Id in MetricId]: (typeof METRICS)[Id]['kind'] extends Kind ? Id : never;
}[MetricId];

/**
 * The instruments of one server, made from the definitions in `lib/contract/metrics.ts`: a metric
 * that is not defined there, or a label that it has not, does not compile.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  constructor() {
    for (const definition of Object.values(METRICS)) {
      const { name, help } = definition;
      const common = { name, help, labelNames: [...definition.labels], registers: [this.registry] };
      if (definition.kind === 'counter') this.#counters.set(name, new Counter(common));
      else if (definition.kind === 'gauge') this.#gauges.set(name, new Gauge(common));
      else {
        const buckets = [...definition.buckets];
        this.#histograms.set(name, new Histogram({ ...common, buckets }));
      }
    }
    this.set('buildInfo', { version: VERSION, node: process.version }, 1);
  }

  /** Adds the metrics of the Node process. Once a process: they are read from it. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  inc<Id extends IdsOfKind<'counter'>>(id: Id, labels: Labels<Id>): void {
    this.#counters.get(METRICS[id].name)?.inc(labels);
  }

  /** Makes a counter's series, so that it is 0 and not absent before the first event. */
  declare<Id extends IdsOfKind<'counter'>>(id: Id, labels: Labels<Id>): void {
    this.#counters.get(METRICS[id].name)?.inc(labels, 0);
  }

  set<Id extends IdsOfKind<'gauge'>>(id: Id, labels: Labels<Id>, value: number): void {
    this.#gauges.get(METRICS[id].name)?.set(labels, value);
  }

  add<Id extends IdsOfKind<'gauge'>>(id: Id, labels: Labels<Id>, amount: 1 | -1): void {
    this.#gauges.get(METRICS[id].name)?.inc(labels, amount);
  }

  /** @param value - in the unit that the metric's name ends with */
  observe<Id extends IdsOfKind<'histogram'>>(id: Id, labels: Labels<Id>, value: number): void {
    this.#histograms.get(METRICS[id].name)?.observe(labels, value);
  }
}
