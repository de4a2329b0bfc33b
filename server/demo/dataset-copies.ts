import type { DemoRule, LockState } from './demo-rule';
import type { SeedRse } from './seed-rses';
import { type DemoDid, type DemoStore, filesOf } from './store';

/** What a rule holds of one dataset on one storage element. */
export interface DatasetLock {
  readonly rule: DemoRule;
  readonly dataset: DemoDid;
  readonly rse: SeedRse;
  /** Of the rule as a whole, whatever there is of this dataset. */
  readonly state: LockState;
}

/** The locks of datasets that a rule has; rules that scatter files have none. */
export function datasetLocks(rule: DemoRule): readonly DatasetLock[] {
  if (rule.grouping === 'NONE') return [];
  const states = new Set(rule.locks.map(({ state }) => state));
  const state = states.has('STUCK') ? 'STUCK' : states.has('REPLICATING') ? 'REPLICATING' : 'OK';
  return datasetsAt(rule).map(({ dataset, rse }) => ({ rule, dataset, rse, state }));
}

interface Place {
  readonly dataset: DemoDid;
  readonly rse: SeedRse;
}

function datasetsAt(rule: DemoRule): readonly Place[] {
  return datasetsOf(rule.did).flatMap((dataset) => {
    const files = new Set(dataset.children);
    const rses = new Set(rule.locks.filter(({ file }) => files.has(file)).map(({ rse }) => rse));
    return [...rses].map((rse) => ({ dataset, rse }));
  });
}

/** The datasets at or below a DID. */
export function datasetsOf(did: DemoDid): readonly DemoDid[] {
  return did.type === 'DATASET' ? [did] : did.children.flatMap((child) => datasetsOf(child));
}

/** How much of a dataset a storage element has. In bytes and files. */
export interface DatasetCopy extends Place {
  readonly bytes: number;
  readonly length: number;
  readonly availableBytes: number;
  readonly availableLength: number;
}

/** The copies that Rucio keeps account of: where a rule wants the dataset. */
export function accountedCopies(store: DemoStore, dataset: DemoDid): readonly DatasetCopy[] {
  const rsesOf = (rules: readonly DemoRule[]) => {
    const places = rules.flatMap((rule) => datasetsAt(rule));
    return new Set(places.filter((place) => place.dataset === dataset).map(({ rse }) => rse));
  };
  const counted = rsesOf(store.rules.filter((rule) => rule.counted));
  return [...rsesOf(store.rules)].map((rse) =>
    counted.has(rse)
      ? copyAt(store, dataset, rse)
      : { dataset, rse, bytes: 0, length: 0, availableBytes: 0, availableLength: 0 },
  );
}

/** The copies as the files show them, wherever there is at least one. */
export function countedCopies(store: DemoStore, dataset: DemoDid): readonly DatasetCopy[] {
  if (dataset.type !== 'DATASET') return [];
  return store.rses
    .map((rse) => copyAt(store, dataset, rse))
    .filter(({ availableLength }) => availableLength > 0);
}

function copyAt(store: DemoStore, dataset: DemoDid, rse: SeedRse): DatasetCopy {
  const files = filesOf(dataset);
  const available = files.filter((file) => store.isAt(file, rse));
  return {
    dataset,
    rse,
    bytes: sum(files),
    length: files.length,
    availableBytes: sum(available),
    availableLength: available.length,
  };
}

function sum(files: readonly DemoDid[]): number {
  return files.reduce((total, { bytes }) => total + (bytes ?? 0), 0);
}
