import type { IncomingMessage } from 'node:http';

import type { Answer } from './answer';

type Headers = Readonly<Record<string, string | string[]>>;

/** What Rucio tells browsers; the word `None` is Python's and not a mistake of ours. */
function crossOrigin(request: Pick<IncomingMessage, 'headers'>): Headers {
  return {
    'Access-Control-Allow-Origin': request.headers.origin ?? 'None',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? 'None',
    'Access-Control-Allow-Methods': '*',
    'Access-Control-Allow-Credentials': 'true',
  };
}

/** Headers of all answers of Rucio's own routes but those of `/auth/`. */
export function routeHeaders(request: Pick<IncomingMessage, 'headers' | 'method'>): Headers {
  if (request.method !== 'GET') return crossOrigin(request);
  return {
    ...crossOrigin(request),
    'Cache-Control': 'post-check=0, pre-check=0',
    Pragma: 'no-cache',
  };
}

/**
 * Headers of the answers of `/auth/`, except where Rucio refuses before it looks at the login.
 *
 * @param exposed - headers that scripts of other origins may read
 */
export function loginHeaders(request: Pick<IncomingMessage, 'headers'>, exposed?: string): Headers {
  return {
    ...loginFailureHeaders(request, exposed),
    'Cache-Control': [
      'no-cache, no-store, max-age=0, must-revalidate',
      'post-check=0, pre-check=0',
    ],
    Pragma: 'no-cache',
  };
}

/** Headers of failures of a login that its route does not catch. */
export function loginFailureHeaders(
  request: Pick<IncomingMessage, 'headers'>,
  exposed?: string,
): Headers {
  return {
    ...crossOrigin(request),
    ...(exposed === undefined ? {} : { 'Access-Control-Expose-Headers': exposed }),
  };
}

/** An answer with these headers besides its own. */
export function withHeaders(answer: Answer, headers: Headers): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}
