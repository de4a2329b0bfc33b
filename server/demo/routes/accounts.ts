import { type Answer, CONTENT_TYPES, document, flaskDocument, html, stream } from '../answer';
import { RucioFailure, UnhandledFailure } from '../failure';
import { movedPage } from '../html-pages';
import { isoWithoutZone } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import { ROOT_ACCOUNT, type SeedAccount } from '../seed-accounts';

/** Rucio's bootstrap gives root no address. */
function emailOf({ account, email }: SeedAccount): string | null {
  return account === ROOT_ACCOUNT ? null : email;
}

function list({ query, store }: DemoRequest): Answer {
  const type = query.get('account_type');
  if (type !== null && !['USER', 'GROUP', 'SERVICE'].includes(type)) {
    throw new UnhandledFailure(`'${type}'`);
  }
  const identity = query.get('identity');
  // Any other key asks for an attribute, and nobody has any.
  const others = [...query.keys()].some((key) => key !== 'account_type' && key !== 'identity');
  const found = [...store.accounts.values()].filter(
    (account) =>
      !others &&
      (type === null || account.type === type) &&
      (identity === null || store.sessions.hasIdentity(account.account, identity)),
  );
  return stream(
    found.map((account) => ({
      account: account.account,
      type: account.type,
      email: emailOf(account),
    })),
  );
}

function get(request: DemoRequest): Answer {
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
    email: emailOf(found),
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

function attributes({ params, store }: DemoRequest): Answer {
  const account = params['account'] ?? '';
  if (!store.accounts.has(account)) {
    throw new RucioFailure(404, 'AccountNotFound', `Account ID '${account}' does not exist`);
  }
  const none: Json = [];
  return flaskDocument(none);
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const accountRoutes: readonly Route[] = [
  { ...rows, path: '/accounts', handle: list },
  { ...rows, path: '/accounts/', handle: list },
  { ...json, path: '/accounts/<account>', handle: get },
  { ...json, path: '/accounts/<account>/attr/', handle: attributes },
];
