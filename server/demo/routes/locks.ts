import { type Answer, CONTENT_TYPES, html, stream } from '../answer';
import { type DatasetLock, datasetLocks, datasetsOf } from '../dataset-copies';
import { bodyParameters, splitScopeName } from '../parameters';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { type DemoStore, stableId } from '../store';
import { requestedRse } from './rses';

/** Rucio answers for datasets only, and only when it is told so. */
function assertDatasets(query: URLSearchParams): Answer | undefined {
  return query.get('did_type') === 'dataset' ? undefined : html(500, 'Wrong did_type specified');
}

function allLocks(store: DemoStore): readonly DatasetLock[] {
  return store.rules.flatMap((rule) => datasetLocks(rule));
}

function ofDataset({ params, query, store }: DemoRequest): Answer {
  const refusal = assertDatasets(query);
  if (refusal !== undefined) return refusal;
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const did = store.did(scope, name);
  return stream(
    allLocks(store)
      .filter(({ dataset }) => dataset === did)
      .map(lockRow),
  );
}

function atRse(request: DemoRequest): Answer {
  const refusal = assertDatasets(request.query);
  if (refusal !== undefined) return refusal;
  const rse = requestedRse(request);
  return stream(
    allLocks(request.store)
      .filter((lock) => lock.rse === rse)
      .map(lockRow),
  );
}

/** Containers stand for the datasets in them. */
function ofMany({ body, store }: DemoRequest): Answer {
  const { dids } = bodyParameters(body);
  if (!Array.isArray(dids)) {
    return html(400, 'Can not find the list of DIDs in the data. Use "dids" keyword.');
  }
  const wanted = (dids as readonly { readonly scope: string; readonly name: string }[])
    .flatMap(({ scope, name }) => store.did(scope, name) ?? [])
    .flatMap((did) => datasetsOf(did));
  const datasets = new Set(wanted);
  return stream(
    allLocks(store)
      .filter(({ dataset }) => datasets.has(dataset))
      .map(lockRow),
  );
}

function lockRow({ rule, dataset, rse, state }: DatasetLock): Json {
  return {
    rse_id: stableId('rse', rse.rse),
    rse: rse.rse,
    scope: dataset.scope,
    name: dataset.name,
    rule_id: rule.id,
    account: rule.account,
    state,
    length: dataset.length,
    bytes: dataset.bytes,
    accessed_at: null,
  };
}

const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const lockRoutes: readonly Route[] = [
  {
    path: '/locks/bulk_locks_for_dids',
    method: 'POST',
    accept: [CONTENT_TYPES.stream],
    handle: ofMany,
  },
  { ...rows, path: '/locks/<rse>', handle: atRse },
  { ...rows, path: '/locks/<path:scope_name>', handle: ofDataset },
];
