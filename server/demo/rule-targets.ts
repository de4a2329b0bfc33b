import { accountUsage, globalLimits, localLimit } from './account-usage';
import type { DemoLock, Grouping } from './demo-rule';
import { datasetsOf } from './dataset-copies';
import { RucioFailure } from './failure';
import { rsesOf } from './rse-expression';
import type { SeedRse } from './seed-rses';
import { type DemoDid, type DemoStore, filesOf } from './store';

interface Candidate {
  readonly rse: SeedRse;
  /** In bytes. */
  quotaLeft: number;
  readonly globalQuotaLeft: Map<string, number>;
}

export interface TargetsOptions {
  readonly store: DemoStore;
  readonly account: string;
  readonly rses: readonly SeedRse[];
  /** Attribute that a storage element must have to be taken. */
  readonly weight: string | null;
  readonly copies: number;
  readonly ignoreLimits: boolean;
}

const QUOTA = "There is insufficient quota on any of the target RSE's to fulfill the operation.";

/** Chooses storage elements for a rule, as far as quotas go. */
export class RuleTargets {
  readonly #store: DemoStore;
  readonly #copies: number;
  readonly #candidates: readonly Candidate[];

  /** @throws {RucioFailure} InsufficientTargetRSEs, InsufficientAccountLimit */
  constructor({ store, account, rses, weight, copies, ignoreLimits }: TargetsOptions) {
    const fitting = rses.filter(
      ({ attributes }) => weight === null || attributes[weight] !== undefined,
    );
    if (fitting.length < copies) {
      throw new RucioFailure(
        500,
        'InsufficientTargetRSEs',
        `Target RSE set not sufficient for number of copies. (${copies} copies requested, RSE set size ${fitting.length})`,
      );
    }
    const candidates = fitting.flatMap((rse) =>
      ignoreLimits ? unlimited(rse) : withinLimits(store, account, rse),
    );
    if (candidates.length < copies) throw tooLittleQuota();
    this.#store = store;
    this.#copies = copies;
    this.#candidates = candidates;
  }

  /**
   * The locks for a DID. Storage that has most of the data already is preferred; Rucio leaves the
   * rest to chance, and the demo to the alphabet.
   *
   * @throws {RucioFailure} InsufficientAccountLimit
   */
  locksFor(did: DemoDid, grouping: Grouping): readonly DemoLock[] {
    return groupsOf(did, grouping).flatMap((files) => {
      const rses = this.#choose(files);
      return files.flatMap((file) => rses.map((rse) => this.#lock(file, rse)));
    });
  }

  #lock(file: DemoDid, rse: SeedRse): DemoLock {
    return { file, rse, state: this.#store.isAt(file, rse) ? 'OK' : 'REPLICATING' };
  }

  #choose(files: readonly DemoDid[]): readonly SeedRse[] {
    const size = sum(files);
    const fitting = this.#candidates.filter(
      ({ quotaLeft, globalQuotaLeft }) =>
        quotaLeft > size && [...globalQuotaLeft.values()].every((left) => left >= size),
    );
    if (fitting.length < this.#copies) throw tooLittleQuota();
    const there = ({ rse }: Candidate) => sum(files.filter((file) => this.#store.isAt(file, rse)));
    const chosen = fitting.sort((a, b) => there(b) - there(a)).slice(0, this.#copies);
    for (const candidate of chosen) {
      candidate.quotaLeft -= size;
      for (const [expression, left] of candidate.globalQuotaLeft) {
        candidate.globalQuotaLeft.set(expression, left - size);
      }
    }
    return chosen.map(({ rse }) => rse);
  }
}

function tooLittleQuota(): RucioFailure {
  return new RucioFailure(500, 'InsufficientAccountLimit', QUOTA);
}

function unlimited(rse: SeedRse): readonly Candidate[] {
  return [{ rse, quotaLeft: Number.POSITIVE_INFINITY, globalQuotaLeft: new Map() }];
}

function withinLimits(store: DemoStore, account: string, rse: SeedRse): readonly Candidate[] {
  const limit = localLimit(store, account, rse) ?? 0;
  const quotaLeft = limit - accountUsage(store, account, [rse]).bytes;
  if (quotaLeft <= 0) return [];
  const globalQuotaLeft = new Map<string, number>();
  for (const { expression, bytes } of globalLimits(store, account)) {
    const rses = rsesOf(expression, store.rses);
    if (!rses.includes(rse)) continue;
    const left = bytes - accountUsage(store, account, rses).bytes;
    if (left <= 0) return [];
    globalQuotaLeft.set(expression, left);
  }
  return [{ rse, quotaLeft, globalQuotaLeft }];
}

/** Files that have to stay together. */
function groupsOf(did: DemoDid, grouping: Grouping): readonly (readonly DemoDid[])[] {
  const files = [...new Set(filesOf(did))];
  if (grouping === 'ALL' || did.type === 'FILE') return [files];
  if (grouping === 'NONE') return files.map((file) => [file]);
  return datasetsOf(did).map((dataset) => [...new Set(filesOf(dataset))]);
}

function sum(files: readonly DemoDid[]): number {
  return files.reduce((total, { bytes }) => total + (bytes ?? 0), 0);
}
