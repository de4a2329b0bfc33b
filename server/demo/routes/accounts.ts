import { type Answer, CONTENT_TYPES, document, html } from '../answer';
import { RucioFailure } from '../failure';
import { movedPage } from '../html-pages';
import { isoWithoutZone } from '../python-date';
import type { DemoRequest, Route } from '../router';

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
    email: found.email,
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

export const accountRoutes: readonly Route[] = [
  { path: '/accounts/<account>', method: 'GET', accept: [CONTENT_TYPES.json], handle: account },
];
