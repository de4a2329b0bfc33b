import type { AuthFailure, NotDecided } from './principal';

/** What a refused request is answered with. */
export interface Challenge {
  readonly status: 401 | 403;
  /** Value of `WWW-Authenticate`. */
  readonly header: string;
  readonly message: string;
}

/** Where and for what a client can get a token; there is none for a shared secret. */
export interface TokenOffer {
  /** URL of the protected resource's metadata. */
  readonly resourceMetadata: string;
  /** Left out where the token is somebody else's, and its scopes are not known. */
  readonly scope?: string;
  /** What to do without a token. @default sign in through the authorization server of this site */
  readonly advice?: string;
}

const SIGN_IN = 'sign in through the authorization server of this site';

/**
 * The answer to a refused request. Without credentials there is no error code, since nothing was
 * wrong yet.
 *
 * @see RFC 6750 section 3.1, RFC 9728 section 5.1
 */
export function challengeFor(
  failure: Exclude<AuthFailure, NotDecided>,
  offer?: TokenOffer,
): Challenge {
  switch (failure.reason) {
    case 'missing':
      return {
        status: 401,
        header: bearer({ ...(offer === undefined ? { realm: 'rucio-mcp' } : {}) }, offer),
        message:
          offer === undefined
            ? 'Authentication required: send the header "Authorization: Bearer <token>".'
            : `Authentication required: ${offer.advice ?? SIGN_IN}.`,
      };
    case 'malformed':
    case 'unknown_token':
    case 'revoked':
      return {
        status: 401,
        header: bearer(
          { ...(offer === undefined ? { realm: 'rucio-mcp' } : {}), error: 'invalid_token' },
          offer,
        ),
        message:
          offer === undefined
            ? 'The bearer token is not valid here. Ask the operator for the current one.'
            : `The access token is not valid here or has ended. Renew it, or ${offer.advice ?? 'sign in again'}.`,
      };
  }
}

/**
 * The answer to a call that needs more than was granted.
 *
 * @param offer - with all scopes that the call needs
 * @see RFC 6750 section 3.1 (insufficient_scope)
 */
export function insufficientScope(offer: TokenOffer & { readonly scope: string }): Challenge {
  return {
    status: 403,
    header: bearer({ error: 'insufficient_scope' }, offer),
    message: `This tool needs the scope ${offer.scope}: sign in again and allow it.`,
  };
}

function bearer(parameters: Record<string, string>, offer: TokenOffer | undefined): string {
  const all = {
    ...parameters,
    ...(offer === undefined
      ? {}
      : {
          ...(offer.scope === undefined ? {} : { scope: offer.scope }),
          resource_metadata: offer.resourceMetadata,
        }),
  };
  const list = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `Bearer ${list.join(', ')}`;
}
