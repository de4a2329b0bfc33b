import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import { DatasetReplicaRow, PfnRow, ReplicaRow, SuspiciousReplicas } from '../schemas/replicas';

export interface ListReplicasQuery {
  /** At most 1000. */
  readonly dids: readonly Did[];
  /** URL schemes, most wanted first; empty: all. */
  readonly schemes: readonly string[];
  readonly rseExpression?: string;
  readonly sort?: string;
  /** Whether replicas that can not be read now are listed too. */
  readonly allStates: boolean;
  /** Whether each file tells the datasets that it is in. */
  readonly resolveParents?: boolean;
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
    const { dids, schemes, rseExpression, sort, allStates, resolveParents } = query;
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
          ...(resolveParents === true ? { resolve_parents: true } : {}),
        },
        // Rucio complains about the expression, never about a DID.
        subject: rseExpression ?? dids.map(formatDid).join(' '),
        signal,
      },
      ReplicaRow,
    );
  }

  /**
   * How much of a dataset each RSE has. Containers and unknown DIDs have none.
   *
   * @param deep - count the files now; otherwise Rucio's figures, which lag
   */
  datasets(
    did: Did,
    { deep }: { readonly deep: boolean },
    { signal }: CallOptions,
  ): AsyncGenerator<DatasetReplicaRow> {
    return this.#core.rows(
      {
        operation: 'list_dataset_replicas',
        segments: ['replicas', did.scope, did.name, 'datasets'],
        query: deep ? { deep: 'True' } : {},
        subject: formatDid(did),
        signal,
      },
      DatasetReplicaRow,
    );
  }

  /** The same for many datasets, with Rucio's own figures. At most 1000. */
  datasetsBulk(dids: readonly Did[], { signal }: CallOptions): AsyncGenerator<DatasetReplicaRow> {
    return this.#core.rows(
      {
        operation: 'list_dataset_replicas_bulk',
        method: 'POST',
        idempotent: true,
        segments: ['replicas', 'datasets_bulk'],
        body: { dids: dids.map(({ scope, name }) => ({ scope, name })) },
        subject: dids.map(formatDid).join(' '),
        signal,
      },
      DatasetReplicaRow,
    );
  }

  /**
   * Replicas that somebody has declared suspicious, temporarily unavailable or lost: Rucio counts
   * these declarations together. Those that have become bad since, or are good again, are left out.
   *
   * @param since - earlier declarations do not count
   */
  async suspicious(
    rseExpression: string,
    since: Date,
    { signal }: CallOptions,
  ): Promise<SuspiciousReplicas> {
    return this.#core.document(
      {
        operation: 'list_suspicious_replicas',
        segments: ['replicas', 'suspicious'],
        query: {
          rse_expression: rseExpression,
          // Rucio takes this form only, and means UTC.
          younger_than: since.toISOString().slice(0, 19),
        },
        subject: rseExpression,
        signal,
      },
      SuspiciousReplicas,
    );
  }

  /**
   * The DIDs of access URLs. Rucio 41 answers only for an RSE that is named and has the scheme `srm`;
   * otherwise it says RSENotFound or RSEProtocolNotSupported. It reads deterministic paths only, and
   * takes the scope of `user/jdoe/…` for `user`.
   *
   * @param rse - the RSE of all the URLs
   */
  didsOfPfns(
    pfns: readonly string[],
    rse: string | undefined,
    { signal }: CallOptions,
  ): AsyncGenerator<PfnRow> {
    return this.#core.rows(
      {
        operation: 'list_dids_of_pfns',
        method: 'POST',
        idempotent: true,
        segments: ['replicas', 'dids'],
        body: { pfns, rse: rse ?? null },
        subject: rse ?? pfns.join(' '),
        signal,
      },
      PfnRow,
    );
  }
}
