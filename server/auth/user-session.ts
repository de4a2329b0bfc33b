import { AppError } from '../errors';
import type { TokenSource } from '../rucio/session';

/** The session of one user, for one request. It can not be renewed here: only the client can. */
export class UserSession implements TokenSource {
  readonly #token: string;
  readonly #onEnd: () => void;
  #ended = false;

  /** @param onEnd - called once, when Rucio no longer accepts the token */
  constructor(token: string, onEnd: () => void) {
    this.#token = token;
    this.#onEnd = onEnd;
  }

  token(signal: AbortSignal): Promise<string> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return this.#ended ? Promise.reject(sessionEnded()) : Promise.resolve(this.#token);
  }

  invalidate(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
  }
}

function sessionEnded(): AppError {
  return new AppError('LOGIN', {
    what: 'Rucio has ended the session of this user.',
    next: 'call again: the client then renews its access, or asks the user to sign in',
  });
}
