import { AppError } from '../../errors';
import { RucioError, isMissing, rucioDown } from '../errors';
import type { RucioAnswer, RucioHttp, RucioRequest } from '../http';
import type { Session } from '../session';
import { cleanMessage } from '../untrusted-text';
import type { CredentialFile } from './credential-file';
import { type LoginContext, openSession, readSession, sendLogin } from './open-session';
import type { RobotLogin } from './robot-login';
import { HostCookies } from './saml/host-cookies';
import {
  type ProviderVisitOptions,
  type SamlAnswer,
  type SamlUser,
  visitProvider,
} from './saml/provider-visit';

export interface SamlOptions extends LoginContext, Omit<ProviderVisitOptions, 'site'> {
  /** HTTP to the site's authentication server. */
  readonly http: RucioHttp;
}

export interface SamlLoginOptions extends SamlOptions {
  readonly username: CredentialFile;
  readonly password: CredentialFile;
}

const VIEW = ['auth', 'saml'] as const;
/** The cookie by which Rucio knows on whom the identity provider has answered. */
const NAME_ID = 'saml-nameid';

/**
 * Signs in at the page of a SAML identity provider, with a user name and a password. Rucio 41 has no
 * such sign-in any more.
 */
export function samlLogin({ username, password, ...options }: SamlLoginOptions): RobotLogin {
  const user = async () => ({ username: await username.read(), password: await password.read() });
  return {
    check: async () => {
      await user();
      return {};
    },
    login: async () => openSamlSession(await user(), options),
  };
}

/**
 * Opens a session: Rucio names the page of the identity provider, the provider's answer is handed to
 * Rucio, and Rucio gives a token to the bearer of the cookie that it has set for it.
 *
 * @throws {AppError} LOGIN when the user is refused, Rucio has no SAML sign-in, or something would
 *   have to be sent to a host that is neither Rucio's nor the identity provider's; RUCIO_DOWN when a
 *   server does not answer as it should
 * @see https://github.com/rucio/rucio/blob/40.4.2/lib/rucio/web/rest/flaskapi/v1/auth.py (class SAML)
 */
export async function openSamlSession(user: SamlUser, options: SamlOptions): Promise<Session> {
  const { http, account, clock } = options;
  const site = http.site.name;
  const cookies = new HostCookies(http.urlOf([]).hostname, clock);
  const request = (segments: readonly string[]) => {
    const cookie = cookies.header(http.urlOf(segments).pathname);
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    return { http, account, clock, segments, headers };
  };
  const keep = (answer: RucioAnswer, segments: readonly string[]) =>
    cookies.take(answer.setCookies, http.urlOf(segments).pathname);

  const start = await sendLogin({
    ...request(VIEW),
    credential: '',
    missing: (status) => withoutSaml(site, status),
    refusal: (error) => notBegun(site, error),
  });
  const known = readSession(start, clock);
  const url = start.header('x-rucio-saml-auth-url') ?? '';
  if (known === undefined && !URL.canParse(url)) throw failed(start, 'named no page to sign in at');
  start.settle();
  if (known !== undefined) return known;
  keep(start, VIEW);

  const answer = await visitProvider(new URL(url), user, { ...options, site });
  const target = targetOf(answer, http);
  const accepted = await sendLogin({
    ...request(target.segments),
    ...target,
    method: 'POST',
    form: answer.form,
    allowRedirect: true,
    credential: 'the SAML settings of Rucio',
  });
  keep(accepted, target.segments);
  if (!cookies.has(NAME_ID)) throw notAccepted(accepted, site);
  accepted.settle();

  return openSession({
    ...request(VIEW),
    credential:
      'that the name which the identity provider gives the robot is a SAML identity of the account, and the user name',
  });
}

/** Where the identity provider has its answer sent; only Rucio itself may have it. */
function targetOf(
  { action }: SamlAnswer,
  http: RucioHttp,
): Pick<RucioRequest, 'segments' | 'trailingSlash' | 'rawQuery'> {
  const base = http.urlOf([]);
  if (action.origin !== base.origin || !action.pathname.startsWith(base.pathname)) {
    throw new AppError('LOGIN', {
      what: `The identity provider of site ${http.site.name} sends its answer to ${action.origin.slice(0, 100)}, and not to the site's authHost ${base.origin}.`,
      why: 'It was not sent there.',
      next: "ask the server's operator to check authHost, and the address of Rucio at the identity provider",
    });
  }
  const path = action.pathname.slice(base.pathname.length);
  return {
    segments: path.replace(/\/$/, '').split('/').map(decode),
    trailingSlash: path.endsWith('/'),
    ...(action.search === '' ? {} : { rawQuery: action.search.slice(1) }),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // It is refused as the name that it is, or not found.
    return segment;
  }
}

const OTHER_WAY =
  "ask the server's operator to choose another way to sign in; Rucio maps several identities to an account";

/** What the first answer means that explains nothing. */
function withoutSaml(site: string, status: number): AppError | undefined {
  // Rucio before 38 explains it on a page only.
  if (status === 400) return notBegun(site);
  if (!isMissing(status)) return undefined;
  return new AppError('LOGIN', {
    what: `The authentication server of site ${site} has no SAML sign-in.`,
    why: 'Rucio 41 has removed it; up to Rucio 40 it is at auth/saml below authHost.',
    next: OTHER_WAY,
  });
}

function notBegun(site: string, error?: RucioError): AppError {
  const said = RucioError.is(error, 'ConfigurationError')
    ? cleanMessage(error.exceptionMessage)
    : '';
  return new AppError('LOGIN', {
    what: `The authentication server of site ${site} does not begin a SAML sign-in.`,
    why: said === '' ? undefined : `Rucio says: ${said}`,
    next: OTHER_WAY,
    cause: error,
  });
}

function notAccepted(answer: RucioAnswer, site: string): AppError {
  const error = new AppError('LOGIN', {
    what: `Rucio (site ${site}) did not accept the answer of the identity provider.`,
    why: 'Rucio does not tell why: a signature, an audience or a clock may be wrong.',
    next: "ask Rucio's administrator to compare its SAML settings with the identity provider's",
  });
  answer.settle(error);
  return error;
}

function failed(answer: RucioAnswer, what: string): AppError {
  const error = rucioDown(answer.context, what);
  answer.settle(error);
  return error;
}
