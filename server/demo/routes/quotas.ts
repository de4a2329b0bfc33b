import { accountUsage, globalLimits, localLimit } from '../account-usage';
import { type Answer, CONTENT_TYPES, document, stream } from '../answer';
import { RucioFailure } from '../failure';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { rsesOf } from '../rse-expression';
import type { SeedRse } from '../seed-rses';
import { type DemoStore, stableId } from '../store';
import { rseNamed } from './rses';

/**
 * @param kind - Rucio's word for what is asked, in its message
 * @throws {RucioFailure} 401 AccessDenied for other people's accounts, 404 AccountNotFound
 */
function accountToRead({ params, issuer, store }: DemoRequest, kind: string): string {
  const name = params['account'] ?? '';
  if (issuer !== name && !store.isAdmin(issuer)) {
    throw new RucioFailure(401, 'AccessDenied', `Account ${issuer} can not list ${kind} usage. `);
  }
  if (!store.accounts.has(name)) {
    throw new RucioFailure(404, 'AccountNotFound', `Account ${name} does not exist`);
  }
  return name;
}

function localUsage(request: DemoRequest): Answer {
  const { params, store } = request;
  const rse = params['rse'];
  const wanted = rse === undefined ? store.rses : [rseNamed(store, rse)];
  const account = accountToRead(request, 'account');
  return stream(wanted.flatMap((each) => localUsageRow(store, account, each)));
}

function localUsageRow(store: DemoStore, account: string, rse: SeedRse): readonly Json[] {
  const { bytes, files } = accountUsage(store, account, [rse]);
  const limit = localLimit(store, account, rse);
  if (files === 0 && limit === undefined) return [];
  return [
    {
      rse_id: stableId('rse', rse.rse),
      rse: rse.rse,
      bytes,
      files,
      bytes_limit: limit ?? 0,
      bytes_remaining: (limit ?? 0) - bytes,
    },
  ];
}

function globalUsage(request: DemoRequest): Answer {
  const { params, store } = request;
  const account = accountToRead(request, 'global account');
  const expression = params['rse_expression'];
  const limits = globalLimits(store, account);
  if (expression === undefined) {
    return stream(limits.map((limit) => globalUsageRow(store, account, limit)));
  }
  const bytes = limits.find((limit) => limit.expression === expression)?.bytes ?? 0;
  return stream([globalUsageRow(store, account, { expression, bytes })]);
}

function globalUsageRow(
  store: DemoStore,
  account: string,
  limit: { readonly expression: string; readonly bytes: number },
): Json {
  const { bytes, files } = accountUsage(store, account, resolve(limit.expression, store));
  return {
    rse_expression: limit.expression,
    bytes,
    files,
    bytes_limit: limit.bytes,
    bytes_remaining: limit.bytes - bytes,
  };
}

/** Nobody catches a wrong expression on these routes. */
function resolve(expression: string, store: DemoStore): readonly SeedRse[] {
  try {
    return rsesOf(expression, store.rses);
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(500, error.exceptionClass, error.message);
  }
}

/** @throws {RucioFailure} 500 AccountNotFound, which Rucio does not catch here */
function accountWithLimits({ params, store }: DemoRequest): string {
  const name = params['account'] ?? '';
  if (store.accounts.has(name)) return name;
  throw new RucioFailure(500, 'AccountNotFound', `Account ${name} does not exist`);
}

function localLimits(request: DemoRequest): Answer {
  const { params, store } = request;
  const written = params['rse'];
  if (written !== undefined) {
    const rse = rseNamed(store, written);
    const account = accountWithLimits(request);
    return document({ [rse.rse]: localLimit(store, account, rse) ?? null });
  }
  const account = accountWithLimits(request);
  const limits = store.rses.flatMap((rse) => {
    const limit = localLimit(store, account, rse);
    return limit === undefined ? [] : [[rse.rse, limit] as const];
  });
  return document(Object.fromEntries(limits));
}

function allGlobalLimits(request: DemoRequest): Answer {
  const { store } = request;
  const limits = globalLimits(store, accountWithLimits(request)).map(({ expression, bytes }) => {
    const names = resolve(expression, store).map(({ rse }) => rse);
    const ids = names.map((rse) => stableId('rse', rse));
    return [expression, { resolved_rses: names, resolved_rse_ids: ids, limit: bytes }] as const;
  });
  return document(Object.fromEntries(limits));
}

function globalLimit(request: DemoRequest): Answer {
  const expression = request.params['rse_expression'] ?? '';
  const limits = globalLimits(request.store, accountWithLimits(request));
  const found = limits.find((limit) => limit.expression === expression);
  return document({ [expression]: found?.bytes ?? null });
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

/** The newer paths say `local`; the older ones mean it. */
export const quotaRoutes: readonly Route[] = [
  { ...rows, path: '/accounts/<account>/usage', handle: localUsage },
  { ...rows, path: '/accounts/<account>/usage/', handle: localUsage },
  { ...rows, path: '/accounts/<account>/usage/local', handle: localUsage },
  { ...rows, path: '/accounts/<account>/usage/local/<rse>', handle: localUsage },
  { ...rows, path: '/accounts/<account>/usage/global', handle: globalUsage },
  { ...rows, path: '/accounts/<account>/usage/global/<rse_expression>', handle: globalUsage },
  { ...rows, path: '/accounts/<account>/usage/<rse>', handle: localUsage },
  { ...json, path: '/accounts/<account>/limits', handle: localLimits },
  { ...json, path: '/accounts/<account>/limits/local', handle: localLimits },
  { ...json, path: '/accounts/<account>/limits/local/<rse>', handle: localLimits },
  { ...json, path: '/accounts/<account>/limits/global', handle: allGlobalLimits },
  { ...json, path: '/accounts/<account>/limits/global/<rse_expression>', handle: globalLimit },
  { ...json, path: '/accounts/<account>/limits/<rse>', handle: localLimits },
];
