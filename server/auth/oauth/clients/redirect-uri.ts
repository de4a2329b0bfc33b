import { isRedirectUri } from '../../../../lib/contract/redirect-uri';
import { isLoopbackHost } from '../../../../lib/contract/sites';

/**
 * Whether a request may use `presented`: it is one of the registered ones, character by character; on
 * a loopback address the port is free, since applications take whichever they get.
 *
 * @see RFC 8252 section 7.3
 */
export function isRegisteredRedirect(presented: string, registered: readonly string[]): boolean {
  if (!isRedirectUri(presented)) return false;
  const portless = withoutLoopbackPort(presented);
  return registered.some(
    (known) =>
      known === presented ||
      (portless !== undefined && isRedirectUri(known) && withoutLoopbackPort(known) === portless),
  );
}

/** `undefined` for everything that is not http on a loopback address. */
function withoutLoopbackPort(uri: string): string | undefined {
  if (!isLoopbackRedirect(uri)) return undefined;
  return uri.replace(/^(http:\/\/(?:\[[^\]]*\]|[^:/?]+))(?::\d{1,5})?/, '$1');
}

/** Whether the answer goes to a program on the user's own computer. */
export function isLoopbackRedirect(uri: string): boolean {
  const url = new URL(uri);
  return url.protocol === 'http:' && isLoopbackHost(url.hostname);
}

/** What a user is shown of it: where the answer goes. */
export function redirectTarget(uri: string): string {
  const { protocol, host } = new URL(uri);
  return protocol === 'http:' || protocol === 'https:' ? host : `${protocol} (an application)`;
}
