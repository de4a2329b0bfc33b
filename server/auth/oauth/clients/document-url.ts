import { isIP } from 'node:net';

/** Longest URL of a client's metadata document, in characters. */
const MAX_LENGTH = 512;
/**
 * The URL as it is written. A parser would fold `/../`, `%2e%2e` and `127.1` before anybody sees
 * them, so that two texts would mean one client.
 */
const WRITTEN = /^https:\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?(\/[^?#]*)(\?[^#]*)?$/;
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

/** Whether a client id is the URL of a metadata document, by its look. */
export function looksLikeDocumentUrl(clientId: string): boolean {
  return /^https:\/\//i.test(clientId);
}

/**
 * Checks a client id that is a URL: https, a host name, a path without `.` and `..`, no user, no
 * fragment, an allowed port.
 *
 * @see draft-ietf-oauth-client-id-metadata-document section 3
 */
export function parseDocumentUrl(clientId: string, ports: readonly number[]): URL | undefined {
  if (clientId.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(clientId)) return undefined;
  const [, host = '', port, path = ''] = WRITTEN.exec(clientId) ?? [];
  if (host === '' || path.split('/').some((segment) => DOT_SEGMENT.test(segment))) return undefined;
  if (path.includes('\\') || !URL.canParse(clientId)) return undefined;
  const url = new URL(clientId);
  // Numbers in another notation come out as something else than they went in.
  if (url.hostname !== host || isIP(host) !== 0) return undefined;
  return ports.includes(Number(port ?? 443)) ? url : undefined;
}
