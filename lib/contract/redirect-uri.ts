import { isLoopbackHost } from './sites';

/** Longest redirect URI, in characters. */
export const MAX_REDIRECT_LENGTH = 1024;
/** Schemes that a browser would run, show or read instead of handing them to an application. */
const FORBIDDEN_SCHEMES = new Set([
  'about:',
  'blob:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'javascript:',
  'mailto:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
]);
/** An application's own scheme: RFC 7595 section 3.8 with the dot or without, as clients use it. */
const PRIVATE_SCHEME = /^[a-z][a-z0-9+.-]{1,63}:$/;
/** Printable ASCII without spaces, quotes and backslashes. */
const URI_TEXT = /^[\x21\x23-\x26\x28-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e|]+$/;

/**
 * Whether a client may register it: https, http on this computer (loopback), or a scheme of the
 * application's own; without fragment, user or password.
 *
 * @see RFC 8252 section 7, MCP 2026-07-28 authorization, "Communication Security"
 */
export function isRedirectUri(uri: string): boolean {
  if (uri.length > MAX_REDIRECT_LENGTH || !URI_TEXT.test(uri) || !URL.canParse(uri)) return false;
  const url = new URL(uri);
  const { protocol, hostname } = url;
  if (uri.includes('#') || url.username !== '' || url.password !== '') return false;
  if (FORBIDDEN_SCHEMES.has(protocol)) return false;
  // The parser folds what a browser reads differently: only what is written as it is read passes.
  if (!uri.startsWith(protocol)) return false;
  if (protocol === 'https:') return isPlainAuthority(uri, url);
  if (protocol === 'http:') return isLoopbackHost(hostname) && isPlainAuthority(uri, url);
  return PRIVATE_SCHEME.test(protocol);
}

function isPlainAuthority(uri: string, { protocol, host, port }: URL): boolean {
  const written = /^[a-z]+:\/\/([^/?]+)/.exec(uri)?.[1]?.toLowerCase();
  const defaultPort = protocol === 'https:' ? '443' : '80';
  return written === host || (port === '' && written === `${host}:${defaultPort}`);
}
