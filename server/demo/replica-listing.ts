import { createHash } from 'node:crypto';

import { RucioFailure, UnhandledFailure } from './failure';
import type { Json } from './python-json';
import type { ReplicaQuery } from './replica-request';
import { rsesOf } from './rse-expression';
import type { SeedProtocol, SeedRse } from './seed-rses';
import { type DemoDid, type DemoReplica, type DemoStore, filesOf, stableId } from './store';

const SORTS = ['geoip', 'custom_table', 'random'];
type Domain = 'wan' | 'lan';

interface Pfn {
  readonly pfn: string;
  readonly rse: SeedRse;
  readonly domain: Domain;
  /** The protocol's own, before all addresses of a file are put in order. */
  readonly preference: number;
}

/**
 * The files that a query asks for, with the replicas that it wants. Files that were asked for by
 * name come even without any; unknown DIDs are left out.
 */
export function* listReplicas(store: DemoStore, query: ReplicaQuery): Generator<Json> {
  if (query.dids.length === 0) return;
  const known = query.dids.flatMap(({ scope, name }) => store.did(scope, name) ?? []);
  const rses = wantedRses(store, query);
  const named = new Set(known.filter(({ type }) => type === 'FILE'));
  let left = query.mostFiles;
  for (const file of sorted(new Set(known.flatMap((did) => filesOf(did))))) {
    const replicas = wantedReplicas(store, query, file).filter(({ rse }) => rses.has(rse));
    if (replicas.length === 0 && !named.has(file)) continue;
    if (left <= 0) return;
    left -= 1;
    yield row(store, query, file, replicas);
  }
}

function sorted(files: ReadonlySet<DemoDid>): readonly DemoDid[] {
  return [...files].sort((a, b) =>
    a.scope === b.scope ? (a.name < b.name ? -1 : 1) : a.scope < b.scope ? -1 : 1,
  );
}

function wantedRses(store: DemoStore, query: ReplicaQuery): ReadonlySet<SeedRse> {
  const readable = store.rses.filter((rse) => query.ignoreAvailability || rse.readable);
  if (query.expression === '') return new Set(readable);
  const resolved = resolveExpression(query.expression, store.rses);
  return new Set(readable.filter((rse) => resolved.includes(rse)));
}

/** Nobody catches a wrong expression on this route. */
function resolveExpression(expression: string, rses: readonly SeedRse[]): readonly SeedRse[] {
  try {
    return rsesOf(expression, rses);
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(500, error.exceptionClass, error.message);
  }
}

function wantedReplicas(
  store: DemoStore,
  query: ReplicaQuery,
  file: DemoDid,
): readonly DemoReplica[] {
  if (query.updatedAfter !== null && query.updatedAfter > store.createdAt) return [];
  const states = query.unavailable ? ['AVAILABLE', 'UNAVAILABLE', 'COPYING'] : ['AVAILABLE'];
  return store
    .replicas(file)
    .filter(({ state }) => query.allStates || states.includes(state))
    .toSorted((a, b) => (a.rse.rse < b.rse.rse ? -1 : 1));
}

function row(
  store: DemoStore,
  query: ReplicaQuery,
  file: DemoDid,
  replicas: readonly DemoReplica[],
): Json {
  const pfns = replicas.flatMap(({ rse }) => addresses(file, rse, query));
  const ordered = inOrder(new Map(pfns.map((pfn) => [pfn.pfn, pfn])), query.sort);
  const rses: Record<string, string[]> = {};
  for (const { rse, pfn } of ordered) (rses[rse.rse] ??= []).push(pfn);
  const { scope, name, bytes, md5, adler32 } = file;
  return {
    scope,
    name,
    bytes,
    md5,
    adler32,
    pfns: Object.fromEntries(ordered.map((pfn, index) => [pfn.pfn, pfnDetails(pfn, index + 1)])),
    rses,
    states: Object.fromEntries(replicas.map(({ rse, state }) => [rse.rse, state])),
    ...(query.resolveParents ? { parents: ancestors(store, file) } : {}),
  };
}

function pfnDetails({ rse, domain }: Pfn, priority: number): Json {
  return {
    rse_id: stableId('rse', rse.rse),
    rse: rse.rse,
    type: rse.type,
    volatile: false,
    domain,
    priority,
    client_extract: false,
  };
}

function inOrder(pfns: ReadonlyMap<string, Pfn>, sort: string): readonly Pfn[] {
  const ordered = [...pfns.values()].sort(
    (a, b) =>
      a.domain.localeCompare(b.domain) ||
      a.preference - b.preference ||
      (a.pfn < b.pfn ? -1 : a.pfn > b.pfn ? 1 : 0),
  );
  // Rucio looks at the wish only when there is something to sort.
  if (sort === '' || !ordered.some(({ domain }) => domain === 'wan')) return ordered;
  if (!SORTS.includes(sort)) {
    const known = SORTS.map((name) => `'${name}'`).join(', ');
    throw new RucioFailure(
      400,
      'SortingAlgorithmNotSupported',
      `Sorting algorithm: ${sort} is not supported. Supported protocols: [${known}]`,
    );
  }
  if (sort === 'custom_table') throw new UnhandledFailure('no distances are known');
  return ordered;
}

function addresses(file: DemoDid, rse: SeedRse, query: ReplicaQuery): readonly Pfn[] {
  const domains = domainsOf(rse, query);
  const schemes =
    query.schemes.length > 0
      ? query.schemes
      : domains.flatMap((domain) => bestProtocol(rse, domain)?.scheme ?? []);
  return schemes.flatMap((scheme) =>
    domains.flatMap((domain) => {
      const protocol = rse.protocols.find((known) => known.scheme === scheme);
      if (protocol === undefined) return [];
      return { pfn: pfnOf(file, rse, protocol), rse, domain, preference: protocol[domain] };
    }),
  );
}

function domainsOf(rse: SeedRse, { domain, site }: ReplicaQuery): readonly Domain[] {
  if (domain === null) return [site !== null && rse.attributes['site'] === site ? 'lan' : 'wan'];
  if (domain === 'all') return ['wan', 'lan'];
  return domain === 'wan' || domain === 'lan' ? [domain] : [];
}

function bestProtocol(rse: SeedRse, domain: Domain): SeedProtocol | undefined {
  return rse.protocols.toSorted((a, b) => a[domain] - b[domain])[0];
}

/**
 * Rucio's deterministic layouts: "hash" has two levels of directories from the MD5 sum of the name,
 * "identity" has none.
 */
function pfnOf({ scope, name }: DemoDid, rse: SeedRse, protocol: SeedProtocol): string {
  const sum = createHash('md5').update(`${scope}:${name}`).digest('hex');
  const folder = /^(user|group)/.test(scope) ? scope.replaceAll('.', '/') : scope;
  const isHashed = rse.attributes['lfn2pfn_algorithm'] !== 'identity';
  const hash = isHashed ? `${sum.slice(0, 2)}/${sum.slice(2, 4)}/` : '';
  const { scheme, hostname, port, prefix } = protocol;
  return `${scheme}://${hostname}:${port}${prefix}${folder}/${hash}${name}`;
}

function ancestors(store: DemoStore, did: DemoDid): readonly string[] {
  return store
    .parents(did)
    .flatMap((parent) => [`${parent.scope}:${parent.name}`, ...ancestors(store, parent)]);
}
