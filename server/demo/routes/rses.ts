import { type Answer, CONTENT_TYPES, document, flaskDocument, stream } from '../answer';
import { RucioFailure } from '../failure';
import { rfc1123 } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { rsesOf } from '../rse-expression';
import { PROTOCOL_CLASSES, type SeedProtocol, type SeedRse } from '../seed-rses';
import { type DemoStore, stableId } from '../store';

/** Rucio counts reading as 4, writing as 2 and deleting as 1. */
function availability({ readable }: SeedRse): number {
  return readable ? 7 : 3;
}

function list({ query, store }: DemoRequest): Answer {
  const expression = query.get('expression') ?? '';
  if (expression !== '') return stream(rsesOf(expression, store.rses).map(({ rse }) => ({ rse })));
  const date = rfc1123(store.createdAt);
  return stream(store.rses.map((rse) => listRow(rse, date)));
}

function listRow(rse: SeedRse, date: string): Json {
  return {
    id: stableId('rse', rse.rse),
    rse: rse.rse,
    vo: 'def',
    rse_type: rse.type,
    deterministic: true,
    volatile: false,
    staging_area: false,
    city: null,
    region_code: null,
    country_name: null,
    continent: null,
    time_zone: null,
    ISP: null,
    ASN: null,
    latitude: null,
    longitude: null,
    availability: availability(rse),
    availability_read: rse.readable,
    availability_write: true,
    availability_delete: true,
    qos_class: null,
    deleted: false,
    deleted_at: null,
    created_at: date,
    updated_at: date,
  };
}

/** @throws {RucioFailure} 404 RSENotFound */
export function requestedRse({ params, store }: DemoRequest): SeedRse {
  return rseNamed(store, params['rse'] ?? '');
}

/** @throws {RucioFailure} 404 RSENotFound */
export function rseNamed(store: DemoStore, name: string): SeedRse {
  const rse = store.rse(name);
  if (rse === undefined) {
    throw new RucioFailure(404, 'RSENotFound', `RSE '${name}' cannot be found in vo 'def'`);
  }
  return rse;
}

function get(request: DemoRequest): Answer {
  const rse = requestedRse(request);
  return document({ ...rseDocument(rse), availability: availability(rse) });
}

/** A storage element with its protocols. */
export function rseDocument(rse: SeedRse): Readonly<Record<string, Json>> {
  return {
    availability_delete: true,
    availability_read: rse.readable,
    availability_write: true,
    credentials: null,
    deterministic: true,
    domain: ['lan', 'wan'],
    id: stableId('rse', rse.rse),
    lfn2pfn_algorithm: rse.attributes['lfn2pfn_algorithm'] ?? 'hash',
    protocols: protocolRows(rse),
    qos_class: null,
    rse: rse.rse,
    rse_type: rse.type,
    sign_url: null,
    staging_area: false,
    verify_checksum: true,
    volatile: false,
  };
}

export function protocolRows(rse: SeedRse): readonly Json[] {
  return rse.protocols
    .toSorted((a, b) => (a.scheme < b.scheme ? -1 : 1))
    .map((protocol) => protocolRow(protocol));
}

function protocolRow({ scheme, hostname, port, prefix, wan, lan }: SeedProtocol): Json {
  return {
    hostname,
    scheme,
    port,
    prefix,
    impl: PROTOCOL_CLASSES[scheme],
    domains: {
      lan: { read: lan, write: lan, delete: lan },
      wan: {
        read: wan,
        write: wan,
        delete: wan,
        third_party_copy_read: wan,
        third_party_copy_write: wan,
      },
    },
    extended_attributes: null,
  };
}

function attributes(request: DemoRequest): Answer {
  const rse = requestedRse(request);
  return flaskDocument({ ...rse.attributes, [rse.rse]: true });
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;

export const rseRoutes: readonly Route[] = [
  { path: '/rses/', method: 'GET', accept: [CONTENT_TYPES.stream], handle: list },
  { ...json, path: '/rses/<rse>', handle: get },
  { ...json, path: '/rses/<rse>/attr/', handle: attributes },
];
