import type { AuthFailure } from './principal';

/** RFC 6750 section 2.1: `b64token`. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/** The bearer of an `Authorization` header, or why there is none. */
export function presentedBearer(
  authorization: string | undefined,
): { readonly bearer: string } | { readonly bearer: undefined; readonly failure: AuthFailure } {
  if (authorization === undefined) return { bearer: undefined, failure: { reason: 'missing' } };
  const bearer = BEARER.exec(authorization)?.[1];
  return bearer === undefined ? { bearer, failure: { reason: 'malformed' } } : { bearer };
}
