import type { CallOptions, RucioCore } from '../core';
import { RucioError } from '../errors';
import {
  Rse,
  RseAccountUsageRow,
  RseAttributes,
  RseDistances,
  RseLimits,
  type RseProtocol,
  RseProtocols,
  RseRow,
  RseUsageRow,
} from '../schemas/rses';

/** `/rses`: storage elements. */
export class RsesApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /** All RSEs, or those of an expression, of which Rucio tells the names only. */
  list(expression: string | undefined, { signal }: CallOptions): AsyncGenerator<RseRow> {
    return this.#core.rows(
      {
        operation: 'list_rses',
        segments: ['rses'],
        trailingSlash: true,
        ...(expression === undefined ? {} : { query: { expression }, subject: expression }),
        signal,
      },
      RseRow,
    );
  }

  async get(rse: string, { signal }: CallOptions): Promise<Rse> {
    return this.#core.document(
      { operation: 'get_rse', segments: ['rses', rse], subject: rse, signal },
      Rse,
    );
  }

  async attributes(rse: string, { signal }: CallOptions): Promise<RseAttributes> {
    return this.#core.document(
      {
        operation: 'list_rse_attributes',
        segments: ['rses', rse, 'attr'],
        trailingSlash: true,
        subject: rse,
        signal,
      },
      RseAttributes,
    );
  }

  /** Space by source of the figures; with `perAccount` also who uses it, as far as Rucio counts. */
  usage(
    rse: string,
    { perAccount }: { readonly perAccount: boolean },
    { signal }: CallOptions,
  ): AsyncGenerator<RseUsageRow> {
    return this.#core.rows(
      {
        operation: 'get_rse_usage',
        segments: ['rses', rse, 'usage'],
        query: perAccount ? { per_account: 'True' } : {},
        subject: rse,
        signal,
      },
      RseUsageRow,
    );
  }

  /** What each account uses and may use at an RSE. */
  accountUsage(rse: string, { signal }: CallOptions): AsyncGenerator<RseAccountUsageRow> {
    return this.#core.rows(
      {
        operation: 'list_rse_account_usage',
        segments: ['rses', rse, 'accounts', 'usage'],
        subject: rse,
        signal,
      },
      RseAccountUsageRow,
    );
  }

  async limits(rse: string, { signal }: CallOptions): Promise<RseLimits> {
    return this.#core.document(
      { operation: 'get_rse_limits', segments: ['rses', rse, 'limits'], subject: rse, signal },
      RseLimits,
    );
  }

  /** Protocols of an RSE; none where Rucio says that it has none. */
  async protocols(rse: string, { signal }: CallOptions): Promise<RseProtocol[]> {
    try {
      return await this.#core.document(
        {
          operation: 'get_rse_protocols',
          segments: ['rses', rse, 'protocols'],
          subject: rse,
          signal,
        },
        RseProtocols,
      );
    } catch (error) {
      if (RucioError.is(error, 'RSEProtocolNotSupported')) return [];
      throw error;
    }
  }

  /** How far apart Rucio thinks two RSEs are; empty when nothing is set. */
  async distance(
    source: string,
    destination: string,
    { signal }: CallOptions,
  ): Promise<RseDistances> {
    return this.#core.document(
      {
        operation: 'get_distance',
        segments: ['rses', source, 'distances', destination],
        subject: `${source} to ${destination}`,
        signal,
      },
      RseDistances,
    );
  }
}
