import { type Answer, CONTENT_TYPES, flaskDocument } from '../answer';
import { RucioFailure } from '../failure';
import type { DemoRequest, Route } from '../router';

function all({ store }: DemoRequest): Answer {
  return flaskDocument(store.seed.scopes.map(({ scope }) => scope));
}

function ofAccount({ params, store }: DemoRequest): Answer {
  const account = params['account'] ?? '';
  if (!store.accounts.has(account)) {
    throw new RucioFailure(404, 'AccountNotFound', `Account ID '${account}' does not exist`);
  }
  const own = store.seed.scopes.filter((scope) => scope.account === account);
  if (own.length === 0) {
    throw new RucioFailure(404, 'ScopeNotFound', `no scopes found for account ID '${account}'`);
  }
  return flaskDocument(own.map(({ scope }) => scope));
}

function owners({ store }: DemoRequest): Answer {
  return flaskDocument(store.seed.scopes.map(({ account, scope }) => ({ account, scope })));
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;

export const scopeRoutes: readonly Route[] = [
  { ...json, path: '/scopes/', handle: all },
  { ...json, path: '/scopes/owner/', handle: owners },
  { ...json, path: '/accounts/<account>/scopes/', handle: ofAccount },
];
