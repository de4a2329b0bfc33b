import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import { ReplicaRow } from '../schemas/replicas';

export interface ListReplicasQuery {
  /** At most 1000. */
  readonly dids: readonly Did[];
  /** URL schemes, most wanted first; empty: all. */
  readonly schemes: readonly string[];
  readonly rseExpression?: string;
  readonly sort?: string;
  /** Whether replicas that can not be read now are listed too. */
  readonly allStates: boolean;
}

/** `/replicas`: copies of files and datasets on storage. */
export class ReplicasApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /**
   * Files with their replicas. Unknown DIDs have none, and with `rseExpression` files without a
   * replica there are left out.
   */
  list(query: ListReplicasQuery, { signal }: CallOptions): AsyncGenerator<ReplicaRow> {
    const { dids, schemes, rseExpression, sort, allStates } = query;
    return this.#core.rows(
      {
        operation: 'list_replicas',
        method: 'POST',
        idempotent: true,
        segments: ['replicas', 'list'],
        body: {
          dids: dids.map(({ scope, name }) => ({ scope, name })),
          ignore_availability: true,
          all_states: allStates,
          ...(schemes.length === 0 ? {} : { schemes }),
          ...(rseExpression === undefined ? {} : { rse_expression: rseExpression }),
          ...(sort === undefined ? {} : { sort }),
        },
        // Rucio complains about the expression, never about a DID.
        subject: rseExpression ?? dids.map(formatDid).join(' '),
        signal,
      },
      ReplicaRow,
    );
  }
}
