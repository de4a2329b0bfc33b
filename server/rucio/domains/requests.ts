import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import { isMissing, tooOld } from '../errors';
import { RequestRow, TransferLimitRow } from '../schemas/requests';

/**
 * States of a transfer request by the letters that filters take; answers have the names.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/db/sqla/constants.py (RequestState)
 */
export const REQUEST_STATE_LETTERS = {
  QUEUED: 'Q',
  SUBMITTING: 'G',
  SUBMITTED: 'S',
  FAILED: 'F',
  DONE: 'D',
  LOST: 'L',
  NO_SOURCES: 'N',
  ONLY_TAPE_SOURCES: 'O',
  SUBMISSION_FAILED: 'A',
  MISMATCH_SCHEME: 'M',
  SUSPEND: 'U',
  WAITING: 'W',
  PREPARING: 'P',
} as const;
export type RequestState = keyof typeof REQUEST_STATE_LETTERS;

export interface ListRequestsQuery {
  readonly sourceRse: string;
  readonly destinationRse: string;
  readonly states: readonly RequestState[];
}

/** The first release of Rucio that tells transfer limits over REST. */
const TRANSFER_LIMITS_SINCE = '37.4';

/** `/requests`: transfers. Most of it is for administrators only. */
export class RequestsApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /** Requests under way. Those that have no source yet are not found by it. */
  list(query: ListRequestsQuery, { signal }: CallOptions): AsyncGenerator<RequestRow> {
    return this.#core.rows(
      {
        operation: 'list_requests',
        segments: ['requests', 'list'],
        query: toQuery(query),
        subject: `${query.sourceRse} to ${query.destinationRse}`,
        signal,
      },
      RequestRow,
    );
  }

  /** Requests that have ended. Rucio itself pages through them. */
  history(
    query: ListRequestsQuery & { readonly offset: number; readonly limit: number },
    { signal }: CallOptions,
  ): AsyncGenerator<RequestRow> {
    return this.#core.rows(
      {
        operation: 'list_requests_history',
        segments: ['requests', 'history', 'list'],
        query: { ...toQuery(query), offset: String(query.offset), limit: String(query.limit) },
        subject: `${query.sourceRse} to ${query.destinationRse}`,
        signal,
      },
      RequestRow,
    );
  }

  /** The request under way that brings a file to an RSE. */
  async get(did: Did, rse: string, { signal }: CallOptions): Promise<RequestRow> {
    return this.#core.document(
      {
        operation: 'get_request',
        segments: ['requests', did.scope, did.name, rse],
        about: { did: formatDid(did), rse },
        signal,
      },
      RequestRow,
    );
  }

  /** The last request that brought a file to an RSE, or failed to. */
  async getHistory(did: Did, rse: string, { signal }: CallOptions): Promise<RequestRow> {
    return this.#core.document(
      {
        operation: 'get_request_history',
        segments: ['requests', 'history', did.scope, did.name, rse],
        about: { did: formatDid(did), rse },
        signal,
      },
      RequestRow,
    );
  }

  /**
   * Bounds on concurrent transfers.
   *
   * @throws {AppError} RUCIO_REFUSED by Rucio before version 37.4, which does not tell them
   */
  transferLimits({ signal }: CallOptions): AsyncGenerator<TransferLimitRow> {
    const operation = 'list_transfer_limits';
    return this.#core.rows(
      {
        operation,
        segments: ['requests', 'transfer_limits'],
        missing: (status) =>
          isMissing(status)
            ? tooOld(operation, this.#core.http.site.name, TRANSFER_LIMITS_SINCE)
            : undefined,
        signal,
      },
      TransferLimitRow,
    );
  }
}

function toQuery({ sourceRse, destinationRse, states }: ListRequestsQuery) {
  return {
    src_rse: sourceRse,
    dst_rse: destinationRse,
    request_states: states.map((state) => REQUEST_STATE_LETTERS[state]).join(','),
  };
}
