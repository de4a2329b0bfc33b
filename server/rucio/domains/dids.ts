import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import { DidRow, DidStatus } from '../schemas/dids';
import { RuleRow } from '../schemas/rules';

export interface ListDidsQuery {
  readonly scope: string;
  readonly type: 'all' | 'collection' | 'dataset' | 'container' | 'file';
  /** Conditions that all hold: `name`, `length.gte` and so on. In the name, `*` matches anything. */
  readonly filters: Readonly<Record<string, string>>;
  /** Whether the content of what matches is listed as well. */
  readonly recursive: boolean;
  /** Rucio stops after so many rows. */
  readonly limit?: number;
}

/** Query parameters of the DID search that are not conditions. */
export const DID_SEARCH_PARAMETERS: readonly string[] = [
  'type',
  'limit',
  'long',
  'recursive',
  'filters',
];

/** `/dids`: data identifiers, their content and metadata. */
export class DidsApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /** DIDs of one scope, in no particular order. An unknown scope has none. */
  list(query: ListDidsQuery, { signal }: CallOptions): AsyncGenerator<DidRow> {
    const { scope, type, filters, recursive, limit } = query;
    return this.#core.rows(
      {
        operation: 'list_dids',
        segments: ['dids', scope, 'dids', 'search'],
        // Conditions of their own, not `filters`, which has to be a Python literal.
        query: {
          ...filters,
          type,
          long: 'True',
          recursive: recursive ? 'True' : 'False',
          ...(limit === undefined ? {} : { limit: String(limit) }),
        },
        subject: `${scope}:${filters['name'] ?? '*'}`,
        signal,
      },
      DidRow,
    );
  }

  /** One DID; bytes and files of a collection are summed over its files now. */
  async get(did: Did, { signal }: CallOptions): Promise<DidStatus> {
    return this.#core.document(
      {
        operation: 'get_did',
        // The same answer as without `/status`, but also for names that end like another route.
        segments: ['dids', did.scope, did.name, 'status'],
        query: { dynamic_depth: 'FILE' },
        subject: formatDid(did),
        signal,
      },
      DidStatus,
    );
  }

  /** The rules that are set on a DID itself, not those that cover it through a parent. */
  rules(did: Did, { signal }: CallOptions): AsyncGenerator<RuleRow> {
    return this.#core.rows(
      {
        operation: 'list_did_rules',
        segments: ['dids', did.scope, did.name, 'rules'],
        subject: formatDid(did),
        signal,
      },
      RuleRow,
    );
  }
}
