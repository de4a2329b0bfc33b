import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import { ContentRow, DidMeta, DidRow, DidStatus, FileRow, ParentRow } from '../schemas/dids';
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

  /** The rules that keep a file: those on it and those on datasets and containers with it. */
  associatedRules(did: Did, { signal }: CallOptions): AsyncGenerator<RuleRow> {
    return this.#core.rows(
      {
        operation: 'list_associated_rules',
        segments: ['dids', did.scope, did.name, 'associated_rules'],
        subject: formatDid(did),
        signal,
      },
      RuleRow,
    );
  }

  /** What is directly in a collection. A file has nothing in it. */
  content(did: Did, { signal }: CallOptions): AsyncGenerator<ContentRow> {
    return this.#core.rows(
      {
        operation: 'list_content',
        segments: ['dids', did.scope, did.name, 'dids'],
        subject: formatDid(did),
        signal,
      },
      ContentRow,
    );
  }

  /** All files in a collection, at any depth. A file lists itself. */
  files(
    did: Did,
    { long }: { readonly long: boolean },
    { signal }: CallOptions,
  ): AsyncGenerator<FileRow> {
    return this.#core.rows(
      {
        operation: 'list_files',
        segments: ['dids', did.scope, did.name, 'files'],
        // Rucio looks at its presence only: `long=False` is long, too.
        query: long ? { long: 'True' } : {},
        subject: formatDid(did),
        signal,
      },
      FileRow,
    );
  }

  async meta(
    did: Did,
    plugin: 'DID_COLUMN' | 'JSON' | 'ALL',
    { signal }: CallOptions,
  ): Promise<DidMeta> {
    return this.#core.document(
      {
        operation: 'get_metadata',
        segments: ['dids', did.scope, did.name, 'meta'],
        query: { plugin },
        subject: formatDid(did),
        signal,
      },
      DidMeta,
    );
  }

  /** The collections that a DID is directly in. An unknown DID is in none. */
  parents(did: Did, { signal }: CallOptions): AsyncGenerator<ParentRow> {
    return this.#core.rows(
      {
        operation: 'list_parent_dids',
        segments: ['dids', did.scope, did.name, 'parents'],
        subject: formatDid(did),
        signal,
      },
      ParentRow,
    );
  }
}
