import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import { DatasetLockRow } from '../schemas/locks';

/** Rucio answers for no other type, and fails without it. */
const QUERY = { did_type: 'dataset' } as const;

/** `/locks`: what rules hold of datasets. */
export class LocksApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /** Locks of one dataset. Containers and unknown DIDs have none. */
  dataset(did: Did, { signal }: CallOptions): AsyncGenerator<DatasetLockRow> {
    return this.#core.rows(
      {
        operation: 'list_dataset_locks',
        segments: ['locks', did.scope, did.name],
        query: QUERY,
        subject: formatDid(did),
        signal,
      },
      DatasetLockRow,
    );
  }

  /** Locks of all datasets at one RSE. */
  byRse(rse: string, { signal }: CallOptions): AsyncGenerator<DatasetLockRow> {
    return this.#core.rows(
      {
        operation: 'list_dataset_locks_by_rse',
        segments: ['locks', rse],
        query: QUERY,
        subject: rse,
        signal,
      },
      DatasetLockRow,
    );
  }
}
