import { accountUsage, localLimit } from '../account-usage';
import { type Answer, CONTENT_TYPES, document, flaskDocument, stream } from '../answer';
import { booleanParameter } from '../parameters';
import { rfc1123 } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import type { SeedRse } from '../seed-rses';
import { type DemoStore, stableId } from '../store';
import { protocolRows, requestedRse, rseDocument, rseNamed } from './rses';

function usage(request: DemoRequest): Answer {
  const { query, store } = request;
  const perAccount = booleanParameter('per_account', query.get('per_account') ?? undefined, false);
  const rse = requestedRse(request);
  const source = query.get('source') ?? '';
  const rows = [rucioUsage(store, rse, perAccount), storageUsage(store, rse)];
  return stream(rows.filter((row) => source === '' || row['source'] === source));
}

type Row = Readonly<Record<string, Json>>;

/** What Rucio believes to be there: every replica, whatever its state. */
function rucioUsage(store: DemoStore, rse: SeedRse, perAccount: boolean): Row {
  const files = store.filesAt(rse);
  const used = files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  return {
    rse_id: stableId('rse', rse.rse),
    source: 'rucio',
    used,
    free: null,
    total: used,
    files: files.length,
    updated_at: rfc1123(store.createdAt),
    ...(perAccount ? { account_usages: shares(store, rse, used) } : {}),
    rse: rse.rse,
  };
}

function shares(store: DemoStore, rse: SeedRse, total: number): Json {
  return [...store.accounts.keys()]
    .map((account) => ({ account, used: accountUsage(store, account, [rse]).bytes }))
    .filter(({ used }) => used > 0)
    .sort((a, b) => b.used - a.used)
    .map(({ account, used }) => ({
      used,
      account,
      percentage: total === 0 ? 0 : Number(((used / total) * 100).toFixed(2)),
    }));
}

function storageUsage(store: DemoStore, { rse, usage: { used, free } }: SeedRse): Row {
  return {
    rse_id: stableId('rse', rse),
    source: 'storage',
    used,
    free,
    total: used + free,
    files: null,
    updated_at: rfc1123(store.createdAt),
    rse,
  };
}

/** Rows that claim to be one document. */
function accounts(request: DemoRequest): Answer {
  const { store } = request;
  const rse = requestedRse(request);
  const answer = stream(
    [...store.accounts.keys()].map((account) => {
      const { bytes, files } = accountUsage(store, account, [rse]);
      const limit = localLimit(store, account, rse);
      return {
        rse_id: stableId('rse', rse.rse),
        rse: rse.rse,
        account,
        used_files: files,
        used_bytes: bytes,
        quota_bytes: limit === Number.POSITIVE_INFINITY ? -1 : (limit ?? null),
      };
    }),
  );
  return { ...answer, headers: { ...answer.headers, 'Content-Type': CONTENT_TYPES.json } };
}

function limits(request: DemoRequest): Answer {
  return document(requestedRse(request).limits ?? {});
}

function protocols(request: DemoRequest): Answer {
  return flaskDocument(protocolRows(requestedRse(request)));
}

/** The whole storage element, whatever the scheme. */
function protocolsOfScheme(request: DemoRequest): Answer {
  return flaskDocument(rseDocument(requestedRse(request)));
}

function distance({ params, store }: DemoRequest): Answer {
  const source = rseNamed(store, params['source'] ?? '');
  const destination = rseNamed(store, params['destination'] ?? '');
  const date = rfc1123(store.createdAt);
  const known = store.seed.distances.filter(
    ({ from, to }) => from === source.rse && to === destination.rse,
  );
  return document(
    known.map(({ from, to, distance: ranking }) => ({
      src_rse_id: stableId('rse', from),
      dest_rse_id: stableId('rse', to),
      distance: ranking,
      ranking,
      created_at: date,
      updated_at: date,
      src_rse: from,
      dest_rse: to,
    })),
  );
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const rseDetailRoutes: readonly Route[] = [
  { ...rows, path: '/rses/<rse>/usage', handle: usage },
  { ...json, path: '/rses/<rse>/accounts/usage', handle: accounts },
  { ...json, path: '/rses/<rse>/limits', handle: limits },
  { ...json, path: '/rses/<rse>/protocols', handle: protocols },
  { ...json, path: '/rses/<rse>/protocols/<scheme>', handle: protocolsOfScheme },
  { ...json, path: '/rses/<source>/distances/<destination>', handle: distance },
];
