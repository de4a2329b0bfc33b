import { type Answer, CONTENT_TYPES } from '../answer';
import { loginFailureHeaders, loginHeaders, withHeaders } from '../browser-headers';
import { failureAnswer, RucioFailure } from '../failure';
import { escapeHtml, movedPage } from '../html-pages';
import { codePage, grantedPage, loginProblemPage } from '../oidc-pages';
import { datetimeRepr } from '../python-date';
import { pythonRepr } from '../python-repr';
import { type DemoRequest, type Route, header } from '../router';
import { type Session, VO } from '../sessions';
import { voOf } from './auth';

const OCTETS = { 'Content-Type': CONTENT_TYPES.octets };
const HTML = { 'Content-Type': 'text/html' };
const EXPOSED = 'X-Rucio-Auth-Token';
const WISH = 'x-rucio-client-authorize-';

async function start(request: DemoRequest): Promise<Answer> {
  const vo = voOf(request);
  const wish = (name: string) => nonEmpty(header(request, WISH + name));
  const account = header(request, 'x-rucio-account');
  const refreshLifetime = wish('refresh-lifetime');
  const headers = loginHeaders(request);
  let url: string | undefined;
  try {
    url = await request.store.logins.start({
      // Of another virtual organisation nobody has an account here.
      account: vo === VO ? nonEmpty(account) : `${account ?? ''}@${vo}`,
      scope: wish('scope'),
      audience: wish('audience'),
      issuer: wish('issuer'),
      polling: ['True', 'true'].includes(wish('polling') ?? ''),
      refreshLifetime: refreshLifetime === 'None' ? undefined : refreshLifetime,
    });
  } catch (error) {
    return withHeaders(failureAnswer(error), loginFailureHeaders(request));
  }
  if (url !== undefined) {
    return withHeaders(
      { status: 200, headers: { ...OCTETS, 'X-Rucio-OIDC-Auth-URL': url }, body: '' },
      headers,
    );
  }
  const named = account ?? 'None';
  const message = `Cannot get authentication URL from Rucio Authentication Server for account ${named}`;
  return withHeaders(refusal('CannotAuthenticate', message), headers);
}

/** For the browser, which is sent on, and for the client, which fetches the token. */
function redirect(request: DemoRequest): Answer {
  const { logins } = request.store;
  const headers = { ...loginHeaders(request), ...HTML };
  try {
    if (header(request, 'x-rucio-client-fetch-token') === 'True') {
      const token = logins.fetch(request.rawQuery);
      if (token === undefined) return noResult(headers);
      const own = { ...headers, ...OCTETS, 'X-Rucio-Auth-Token': token };
      return { status: 200, headers: own, body: '' };
    }
  } catch (error) {
    const page = withHeaders(failureAnswer(error), headers);
    const own = { ...page.headers, ...HTML };
    return { ...page, headers: own, body: loginProblemPage('internalError') };
  }
  const location = logins.redirect(request.rawQuery);
  if (location === undefined) return noResult(headers);
  const body = movedPage(escapeHtml(location));
  const own = { 'Content-Type': CONTENT_TYPES.html, Location: location };
  return { status: 303, headers: { ...headers, ...own }, body };
}

/** The identity provider sends the browser here. */
async function complete(request: DemoRequest): Promise<Answer> {
  const headers = { ...loginHeaders(request), ...HTML };
  const completed = await request.store.logins.complete(request.query);
  if (completed === undefined) return noResult(headers);
  const body = completed === 'polling' ? grantedPage() : codePage(completed.code);
  return { status: 200, headers, body };
}

async function refresh(request: DemoRequest): Promise<Answer> {
  const headers = loginHeaders(request, EXPOSED);
  voOf(request);
  const account = header(request, 'x-rucio-account');
  const token = header(request, 'x-rucio-auth-token');
  if (account === undefined || token === undefined) {
    return withHeaders(refusal('CannotAuthorize', 'Cannot authorize token request.'), headers);
  }
  let session: Session | undefined;
  try {
    session = await request.store.logins.refresh(token, account);
  } catch (error) {
    return withHeaders(failureAnswer(error), loginFailureHeaders(request, EXPOSED));
  }
  const own = {
    ...OCTETS,
    'X-Rucio-Auth-Token': session?.token ?? '',
    'X-Rucio-Auth-Token-Expires':
      session === undefined ? '' : String(Math.floor(session.expiresAt / 1000)),
  };
  return withHeaders({ status: 200, headers: own, body: '' }, headers);
}

function validate(request: DemoRequest): Answer {
  const token = header(request, 'x-rucio-auth-token') ?? '';
  if (token === '') throw new RucioFailure(400, 'ValueError', 'Token must be set.');
  try {
    return described(request, request.store.sessions.describe(token));
  } catch (error) {
    return withHeaders(failureAnswer(error), loginFailureHeaders(request, EXPOSED));
  }
}

function described(request: DemoRequest, session: Session): Answer {
  const { account, identity, expiresAt, audience, scope } = session;
  const entries = [
    ['account', pythonRepr(account)],
    ['identity', pythonRepr(identity)],
    ['lifetime', datetimeRepr(expiresAt)],
    ['audience', pythonRepr(audience)],
    ['authz_scope', pythonRepr(scope)],
    ['vo', pythonRepr(VO)],
  ] as const;
  const body = `{${entries.map(([key, value]) => `'${key}': ${value}`).join(', ')}}`;
  return withHeaders({ status: 200, headers: OCTETS, body }, loginHeaders(request, EXPOSED));
}

function noResult(headers: Answer['headers']): Answer {
  const { status, headers: told } = refusal(
    'CannotAuthenticate',
    'Cannot finalize your token request, no authorization content returned from the auth server',
  );
  return { status, headers: { ...told, ...headers }, body: loginProblemPage('noResult') };
}

function refusal(exceptionClass: string, message: string): Answer {
  return failureAnswer(new RucioFailure(401, exceptionClass, message));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

const open = { method: 'GET', open: true, ownHeaders: true } as const;
const BROWSER_TYPES = [CONTENT_TYPES.octets, 'text/html'];

/** Sign-in at an identity provider, and what a session is. */
export const oidcRoutes: readonly Route[] = [
  { ...open, path: '/auth/oidc', accept: [CONTENT_TYPES.octets], handle: start },
  { ...open, path: '/auth/oidc_redirect', accept: BROWSER_TYPES, handle: redirect },
  { ...open, path: '/auth/oidc_code', accept: BROWSER_TYPES, handle: complete },
  { ...open, path: '/auth/oidc_refresh', accept: [CONTENT_TYPES.octets], handle: refresh },
  { ...open, path: '/auth/validate', accept: [CONTENT_TYPES.octets], handle: validate },
];
