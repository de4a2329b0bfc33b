import { type Answer, CONTENT_TYPES } from '../answer';
import { RucioFailure } from '../failure';
import { rfc1123 } from '../python-date';
import { pythonJson } from '../python-json';
import type { DemoRequest, Route } from '../router';

function header(request: DemoRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function userpass(request: DemoRequest): Answer {
  const username = header(request, 'x-rucio-username') ?? '';
  const password = header(request, 'x-rucio-password') ?? '';
  if (username === '' || password === '') {
    throw new RucioFailure(
      401,
      'CannotAuthenticate',
      'Cannot authenticate without passing all required arguments',
    );
  }
  const { sessions } = request.store;
  const asked = header(request, 'x-rucio-account') ?? '';
  const accounts = asked === '' ? sessions.accountsOf(username) : [asked];
  const [account, ...others] = accounts;
  if (account === undefined || others.length > 0) {
    return {
      status: 206,
      headers: {
        'Content-Type': CONTENT_TYPES.octets,
        'X-Rucio-Auth-Accounts': accounts.join(','),
      },
      body: pythonJson(accounts),
    };
  }
  const appId = header(request, 'x-rucio-appid') ?? 'unknown';
  const session = sessions.signIn(account, username, password, appId);
  return {
    status: 200,
    headers: {
      'Content-Type': CONTENT_TYPES.octets,
      'X-Rucio-Auth-Account': session.account,
      'X-Rucio-Auth-Token': session.token,
      'X-Rucio-Auth-Token-Expires': rfc1123(session.expiresAt),
    },
    body: '',
  };
}

export const authRoutes: readonly Route[] = [
  {
    path: '/auth/userpass',
    method: 'GET',
    open: true,
    accept: [CONTENT_TYPES.octets],
    handle: userpass,
  },
];
