import { type Answer, CONTENT_TYPES, document, stream } from '../answer';
import { parseFilters } from '../did-filters';
import { didMetadata } from '../did-metadata';
import { searchDids } from '../did-search';
import { RucioFailure, UnhandledFailure } from '../failure';
import { booleanParameter, splitScopeName } from '../parameters';
import type { Json } from '../python-json';
import { type Literal, parseLiteral } from '../python-literal';
import type { DemoRequest, Route } from '../router';
import { listedRule } from '../rule-row';
import { type DemoDid, filesOf } from '../store';

/**
 * The DID that the path names.
 *
 * @throws {RucioFailure} 404 DataIdentifierNotFound
 */
function requestedDid({ params, store }: DemoRequest): DemoDid {
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const did = store.did(scope, name);
  if (did === undefined) {
    throw new RucioFailure(
      404,
      'DataIdentifierNotFound',
      `Data identifier '${scope}:${name}' not found`,
    );
  }
  return did;
}

function get(request: DemoRequest): Answer {
  const did = requestedDid(request);
  const { scope, name, type, account, open } = did;
  if (type === 'FILE') {
    const { bytes, md5, adler32 } = did;
    return document({ scope, name, type, account, bytes, length: 1, md5, adler32 });
  }
  const { bytes, length } = sizeOf(did, request.query);
  return document({
    scope,
    name,
    type,
    account,
    open,
    monotonic: false,
    expired_at: null,
    length,
    bytes,
  });
}

function sizeOf(did: DemoDid, query: URLSearchParams): { bytes: Json; length: Json } {
  const depth = query.get('dynamic_depth')?.toUpperCase() ?? (query.has('dynamic') ? 'FILE' : '');
  if (depth === 'FILE') {
    const files = filesOf(did);
    return { bytes: total(files, 'bytes'), length: files.length };
  }
  if (depth === 'DATASET') {
    const parts = did.type === 'CONTAINER' ? datasetsOf(did) : [did];
    return { bytes: total(parts, 'bytes'), length: total(parts, 'length') };
  }
  return { bytes: did.bytes, length: did.length };
}

function total(dids: readonly DemoDid[], key: 'bytes' | 'length'): number {
  return dids.reduce((sum, did) => sum + (did[key] ?? 0), 0);
}

function datasetsOf(did: DemoDid): DemoDid[] {
  return did.type === 'DATASET' ? [did] : did.children.flatMap((child) => datasetsOf(child));
}

function search({ params, query, store }: DemoRequest): Answer {
  const filters = query.get('filters');
  const written = filters === null ? filterParameters(query) : parseLiteral(filters);
  const long = booleanParameter('long', query.get('long') ?? undefined, false);
  const recursive = booleanParameter('recursive', query.get('recursive') ?? undefined, false);
  const limit = /^[+-]?\d+$/.test(query.get('limit') ?? '') ? Number(query.get('limit')) : 0;
  const groups = parseFilters(written, query.get('type') ?? 'collection');
  const found = searchDids(store, { scope: params['scope'] ?? '', groups, recursive, limit });
  return stream(searchRows(found, long));
}

/** Without `filters` every other parameter is a condition. */
function filterParameters(query: URLSearchParams): Literal {
  const group = new Map<Literal, Literal>();
  for (const [key, value] of query) {
    if (['type', 'limit', 'long', 'recursive'].includes(key) || group.has(key)) continue;
    group.set(key, value);
  }
  return [group];
}

function* searchRows(found: Iterable<DemoDid>, long: boolean): Generator<Json> {
  for (const { scope, name, type, bytes, length } of found) {
    if (!long) yield name;
    else yield { scope, name, did_type: type, bytes, length: type === 'FILE' ? null : length };
  }
}

function rules(request: DemoRequest): Answer {
  const did = requestedDid(request);
  const { store } = request;
  return stream(store.rules.filter((rule) => rule.did === did).map((rule) => listedRule(rule)));
}

/** The rules that keep a file, wherever they are set. Of a collection Rucio tells none. */
function associatedRules(request: DemoRequest): Answer {
  const did = requestedDid(request);
  const keeping = request.store.rules.filter(({ locks }) => locks.some(({ file }) => file === did));
  return stream(keeping.map((rule) => listedRule(rule)));
}

function metadata(request: DemoRequest): Answer {
  const plugin = request.query.get('plugin') ?? 'DID_COLUMN';
  if (!METADATA_PLUGINS.includes(plugin.toUpperCase())) {
    throw new RucioFailure(
      400,
      'UnsupportedMetadataPlugin',
      `Metadata plugin "${plugin}" is not enabled on the server.`,
    );
  }
  const did = requestedDid(request);
  // The demo is like a Rucio on a database without JSON columns, which can not answer the others.
  if (plugin.toUpperCase() !== 'DID_COLUMN') throw new UnhandledFailure('');
  return document(didMetadata(did, request.store.createdAt));
}

function content(request: DemoRequest): Answer {
  const { children } = requestedDid(request);
  return stream(
    children.map(({ scope, name, type, bytes, adler32, md5 }) => ({
      scope,
      name,
      type,
      // Rucio notes the size of files when they are attached, and of nothing else.
      bytes: type === 'FILE' ? bytes : null,
      adler32,
      md5,
    })),
  );
}

function files(request: DemoRequest): Answer {
  const long = request.query.has('long');
  return stream(
    filesOf(requestedDid(request)).map(({ scope, name, bytes, adler32 }) => ({
      scope,
      name,
      bytes,
      adler32,
      guid: null,
      events: null,
      ...(long ? { lumiblocknr: null } : {}),
    })),
  );
}

function parents({ params, store }: DemoRequest): Answer {
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const did = store.did(scope, name);
  const above = did === undefined ? [] : store.parents(did);
  return stream(
    above.map((parent) => ({ scope: parent.scope, name: parent.name, type: parent.type })),
  );
}

const METADATA_PLUGINS = ['DID_COLUMN', 'JSON', 'ALL'];
const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const didRoutes: readonly Route[] = [
  { ...rows, path: '/dids/<scope>/dids/search', handle: search },
  { ...json, path: '/dids/<path:scope_name>/status', handle: get },
  { ...rows, path: '/dids/<path:scope_name>/dids', handle: content },
  { ...rows, path: '/dids/<path:scope_name>/files', handle: files },
  { ...json, path: '/dids/<path:scope_name>/meta', handle: metadata },
  { ...rows, path: '/dids/<path:scope_name>/rules', handle: rules },
  { ...rows, path: '/dids/<path:scope_name>/associated_rules', handle: associatedRules },
  { ...rows, path: '/dids/<path:scope_name>/parents', handle: parents },
  { ...json, path: '/dids/<path:scope_name>', handle: get },
];
