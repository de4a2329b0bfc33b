import { parseCookie, stringifySetCookie } from 'cookie';

import { digest } from './digest';
import type { Content, Vault } from './vault';

/** How long a user may take for a login, in seconds. */
export const LOGIN_SECONDS = 600;
/** Longest cookie that browsers keep, name and all. @see RFC 6265 section 6.1 */
const MAX_COOKIE_BYTES = 4096;

/** One login as its browser carries it. */
export interface CarriedLogin {
  readonly txn: string;
  readonly login: Content<'login'>;
}

/**
 * The cookie that binds a login to one browser; one for each, so that several can be under way.
 *
 * @returns undefined when it would be too large to be kept
 */
export async function loginCookie(
  vault: Vault,
  { txn, login }: CarriedLogin,
): Promise<string | undefined> {
  const value = await vault.seal('login', login, { id: txn, ttlSeconds: LOGIN_SECONDS });
  const cookie = setCookie(txn, value, LOGIN_SECONDS);
  return Buffer.byteLength(cookie) > MAX_COOKIE_BYTES ? undefined : cookie;
}

/** Makes the browser forget the login. */
export function endedLoginCookie(txn: string): string {
  return setCookie(txn, '', 0);
}

/** The login of `txn`, if this browser carries it. */
export async function readLoginCookie(
  vault: Vault,
  txn: string,
  cookies: string | undefined,
): Promise<CarriedLogin | undefined> {
  if (cookies === undefined) return undefined;
  const value = parseCookie(cookies)[nameOf(txn)];
  const opened = value === undefined ? undefined : await vault.open('login', value);
  return opened?.id === txn ? { txn, login: opened.content } : undefined;
}

/** `__Host-`: set over https by this host only, for no other host, whatever a subdomain tries. */
function nameOf(txn: string): string {
  return `__Host-rmcp_${digest(txn).slice(0, 16)}`;
}

function setCookie(txn: string, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: nameOf(txn),
    value,
    maxAge,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
  });
}
