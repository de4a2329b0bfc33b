import { type Answer, CONTENT_TYPES, document, html, stream } from '../answer';
import { RucioFailure } from '../failure';
import { movedPage } from '../html-pages';
import { isoWithoutZone } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { ROOT_ACCOUNT } from '../seed-accounts';
import { type DemoStore, stableId } from '../store';

function account(request: DemoRequest): Answer {
  const name = request.params['account'] ?? '';
  if (name === 'whoami') return whoami(request.issuer);
  const found = request.store.accounts.get(name);
  if (found === undefined) {
    throw new RucioFailure(404, 'AccountNotFound', `Account with ID '${name}' cannot be found`);
  }
  const created = isoWithoutZone(request.store.createdAt);
  return document({
    account: found.account,
    account_type: found.type,
    status: 'ACTIVE',
    // Rucio's bootstrap gives root none.
    email: found.account === ROOT_ACCOUNT ? null : found.email,
    suspended_at: null,
    deleted_at: null,
    created_at: created,
    updated_at: created,
  });
}

/** Rucio sends the client on to the account itself, by a relative address. */
function whoami(issuer: string): Answer {
  const page = html(303, movedPage(issuer));
  return { ...page, headers: { ...page.headers, Location: issuer } };
}

function usage({ params, issuer, store }: DemoRequest): Answer {
  const name = params['account'] ?? '';
  if (issuer !== name && !store.isAdmin(issuer)) {
    throw new RucioFailure(401, 'AccessDenied', `Account ${issuer} can not list account usage. `);
  }
  if (!store.accounts.has(name)) {
    throw new RucioFailure(404, 'AccountNotFound', `Account ${name} does not exist`);
  }
  return stream(usageRows(store, name));
}

function usageRows(store: DemoStore, name: string): readonly Json[] {
  const limits = limitsOf(store, name);
  const locks = store.rules.filter(({ account }) => account === name).flatMap((rule) => rule.locks);
  return store.rses.flatMap((rse) => {
    const own = locks.filter((lock) => lock.rse === rse);
    const limit = limits[rse.rse];
    if (own.length === 0 && limit === undefined) return [];
    const bytes = own.reduce((sum, { file }) => sum + (file.bytes ?? 0), 0);
    return {
      rse_id: stableId('rse', rse.rse),
      rse: rse.rse,
      bytes,
      files: own.length,
      bytes_limit: limit ?? 0,
      bytes_remaining: (limit ?? 0) - bytes,
    };
  });
}

function limitsOf(store: DemoStore, name: string): Readonly<Record<string, number>> {
  const quotas = store.seed.quotas.filter((quota) => quota.account === name);
  return Object.fromEntries(
    quotas.map(({ rse, bytes }) => [rse, bytes ?? Number.POSITIVE_INFINITY]),
  );
}

function limits({ params, store }: DemoRequest): Answer {
  const name = params['account'] ?? '';
  if (!store.accounts.has(name)) {
    throw new RucioFailure(500, 'AccountNotFound', `Account ${name} does not exist`);
  }
  return document(limitsOf(store, name));
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;

export const accountRoutes: readonly Route[] = [
  { ...json, path: '/accounts/<account>', handle: account },
  {
    path: '/accounts/<account>/usage/local',
    method: 'GET',
    accept: [CONTENT_TYPES.stream],
    handle: usage,
  },
  { ...json, path: '/accounts/<account>/limits/local', handle: limits },
];
