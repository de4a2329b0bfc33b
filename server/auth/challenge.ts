import type { AuthFailure } from './principal';

/** What a refused request is answered with. */
export interface Challenge {
  readonly status: 401;
  /** Value of `WWW-Authenticate`. */
  readonly header: string;
  readonly message: string;
}

/**
 * The answer to a refused request. Without credentials there is no error code, since nothing was
 * wrong yet.
 *
 * @see RFC 6750 section 3.1
 */
export function challengeFor(failure: AuthFailure): Challenge {
  switch (failure.reason) {
    case 'missing':
      return {
        status: 401,
        header: 'Bearer realm="rucio-mcp"',
        message: 'Authentication required: send the header "Authorization: Bearer <token>".',
      };
    case 'malformed':
    case 'unknown_token':
      return {
        status: 401,
        header: 'Bearer realm="rucio-mcp", error="invalid_token"',
        message: 'The bearer token is not valid here. Ask the operator for the current one.',
      };
  }
}
