import { type Answer, CONTENT_TYPES, stream } from '../answer';
import { accountedCopies, countedCopies, type DatasetCopy } from '../dataset-copies';
import { RucioFailure } from '../failure';
import { bodyParameters, booleanParameter, splitScopeName } from '../parameters';
import { rfc1123 } from '../python-date';
import type { Json } from '../python-json';
import { assertDids } from '../replica-request';
import type { DemoRequest, Route } from '../router';
import { type DemoStore, stableId } from '../store';
import { requestedRse, rseNamed } from './rses';

/** Containers and unknown DIDs have no copies. */
function ofDataset({ params, query, store }: DemoRequest): Answer {
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const deep = booleanParameter('deep', query.get('deep') ?? undefined, false);
  const did = store.did(scope, name);
  if (did === undefined) return stream([]);
  const copies = deep ? countedCopies(store, did) : accountedCopies(store, did);
  return stream(copies.map((copy) => copyRow(store, copy)));
}

function copyRow(store: DemoStore, copy: DatasetCopy): Json {
  const { dataset, rse, bytes, length, availableBytes, availableLength } = copy;
  const date = rfc1123(store.createdAt);
  return {
    scope: dataset.scope,
    name: dataset.name,
    rse: rse.rse,
    rse_id: stableId('rse', rse.rse),
    bytes,
    length,
    available_bytes: availableBytes,
    available_length: availableLength,
    state: availableLength === length && length > 0 ? 'AVAILABLE' : 'UNAVAILABLE',
    created_at: date,
    updated_at: date,
    accessed_at: null,
  };
}

function ofMany({ body, store }: DemoRequest): Answer {
  const { dids } = bodyParameters(body);
  if (dids === undefined) throw new RucioFailure(400, 'KeyError', "'dids' not defined");
  if (Array.isArray(dids) && dids.length === 0) {
    throw new RucioFailure(400, 'ValueError', 'List of DIDs is empty');
  }
  const wanted = assertDids(dids, 'Cannot validate DIDs: Provided object does not match schema.');
  const known = new Set(wanted.flatMap(({ scope, name }) => store.did(scope, name) ?? []));
  return stream(
    [...known].flatMap((did) => accountedCopies(store, did)).map((copy) => copyRow(store, copy)),
  );
}

function atRse(request: DemoRequest): Answer {
  const { store } = request;
  const rse = requestedRse(request);
  const datasets = store.dids().filter(({ type }) => type === 'DATASET');
  const copies = datasets.flatMap((dataset) => accountedCopies(store, dataset));
  return stream(copies.filter((copy) => copy.rse === rse).map((copy) => copyRow(store, copy)));
}

/**
 * Rucio finds the DIDs of addresses only on storage that speaks SRM, whatever the addresses are; no
 * storage of the demo does.
 */
function ofAddresses({ body, store }: DemoRequest): Answer {
  const { rse } = bodyParameters(body);
  if (rse === undefined) throw new RucioFailure(400, 'KeyError', "'rse' not defined");
  try {
    rseNamed(store, typeof rse === 'string' ? rse : 'None');
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(500, error.exceptionClass, error.message);
  }
  throw new RucioFailure(
    500,
    'RSEProtocolNotSupported',
    'No protocol for provided settings found : (the storage element)',
  );
}

const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;
const posted = { method: 'POST', accept: [CONTENT_TYPES.stream] } as const;

export const datasetReplicaRoutes: readonly Route[] = [
  { ...rows, path: '/replicas/rse/<rse>', handle: atRse },
  { ...rows, path: '/replicas/rse/<rse>/', handle: atRse },
  { ...rows, path: '/replicas/<path:scope_name>/datasets', handle: ofDataset },
  { ...posted, path: '/replicas/datasets_bulk', handle: ofMany },
  { ...posted, path: '/replicas/datasets_bulk/', handle: ofMany },
  { ...posted, path: '/replicas/dids', handle: ofAddresses },
  { ...posted, path: '/replicas/dids/', handle: ofAddresses },
];
