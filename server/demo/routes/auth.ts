import { type Answer, CONTENT_TYPES } from '../answer';
import { loginHeaders, withHeaders } from '../browser-headers';
import { failureAnswer, RucioFailure } from '../failure';
import { rfc1123 } from '../python-date';
import { pythonJson } from '../python-json';
import { type DemoRequest, type Route, header } from '../router';
import { VO } from '../sessions';

const EXPOSED =
  'X-Rucio-Auth-Token, X-Rucio-Auth-Token-Expires, X-Rucio-Auth-Account, X-Rucio-Auth-Accounts';

/**
 * The virtual organisation that a login asks for.
 *
 * @throws {RucioFailure} 400 for an impossible name
 */
export function voOf(request: DemoRequest): string {
  const vo = header(request, 'x-rucio-vo') ?? VO;
  if (!/^[a-zA-Z_\-.0-9]+$/.test(vo)) {
    throw new RucioFailure(400, 'RucioException', 'Invalid characters in VO name.');
  }
  return vo;
}

function userpass(request: DemoRequest): Answer {
  return withHeaders(login(request, voOf(request)), loginHeaders(request, EXPOSED));
}

function login(request: DemoRequest, vo: string): Answer {
  try {
    return signIn(request, vo);
  } catch (error) {
    return failureAnswer(error);
  }
}

function signIn(request: DemoRequest, vo: string): Answer {
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
  const session = sessions.signIn({ account, vo, username, password, appId });
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
    ownHeaders: true,
    accept: [CONTENT_TYPES.octets],
    handle: userpass,
  },
];
