import { LRUCache } from 'lru-cache';

import {
  AUTH_LIMITS,
  LIMIT_WINDOW_SECONDS,
  VALIDATION_SECONDS,
} from '../../../lib/contract/auth-limits';
import { SCOPES } from '../../../lib/contract/scopes';
import { AppError } from '../../errors';
import { RucioClient } from '../../rucio/client';
import { RucioError } from '../../rucio/errors';
import type { RucioHttp } from '../../rucio/http';
import { FloodGate } from '../flood-gate';
import { digest } from '../oauth/digest';
import { presentedBearer } from '../presented-bearer';
import type { AuthResult, Authenticator, Caller } from '../principal';
import { type RucioSession, validateSession } from '../rucio-session';
import { UserSession } from '../user-session';

/** Most tokens that are remembered, by their digest only. */
const MAX_KNOWN = 10_000;
/** Most tokens that Rucio is asked about at once. */
const MAX_PENDING = 256;
/** Longest wait for Rucio's answer, in milliseconds. */
const ANSWER_MS = 10_000;
/** When to try again where Rucio can not be asked, in seconds. */
const RETRY_SECONDS = 5;

interface Known {
  readonly account: string;
  /** In seconds since the epoch. */
  readonly expiresAt: number;
  /** When Rucio said so, in milliseconds since the epoch. */
  readonly checkedAt: number;
}

export interface RucioBearersDeps {
  /** To the site's Rucio server. */
  readonly http: RucioHttp;
  /** To the site's authentication server, which is asked about tokens. */
  readonly authHttp: RucioHttp;
  readonly clock: () => number;
}

/**
 * Lets in whoever presents a token that the Rucio of this site accepts, and works with that very
 * token. What Rucio says is believed for a moment and for this site only; where it says nothing,
 * nobody is let in.
 *
 * MCP forbids to pass a client's token on ("Token Passthrough"): this is for operators who need what
 * the Python server does, and take the risk that docs/security.md tells.
 */
export class RucioBearers {
  readonly #deps: RucioBearersDeps;
  readonly #known = new LRUCache<string, Known>({ max: MAX_KNOWN });
  readonly #pending = new Map<string, Promise<RucioSession | undefined>>();
  readonly #unknown: FloodGate;

  constructor(deps: RucioBearersDeps) {
    this.#deps = deps;
    this.#unknown = new FloodGate({
      max: AUTH_LIMITS.unknownRucioTokens,
      windowMs: LIMIT_WINDOW_SECONDS * 1000,
      clock: deps.clock,
    });
  }

  readonly authenticate: Authenticator = async (authorization, caller) => {
    const presented = presentedBearer(authorization);
    if (presented.bearer === undefined) return { ok: false, failure: presented.failure };
    const { bearer } = presented;
    const key = digest(bearer);
    const known = this.#known.get(key);
    if (known !== undefined && this.#isFresh(known)) return this.#letIn(bearer, key, known);
    return this.#ask(bearer, key, known !== undefined, caller);
  };

  async #ask(bearer: string, key: string, wasKnown: boolean, { address }: Caller) {
    // Whoever was let in before is asked about even when others at the address present rubbish.
    if (!wasKnown) {
      const retryAfterSeconds = this.#unknown.take(address);
      if (retryAfterSeconds > 0) return refused({ reason: 'limited', retryAfterSeconds });
      if (this.#pending.size >= MAX_PENDING) return unavailable();
    }
    try {
      const session = await this.#validated(bearer, key);
      if (session === undefined || session.expiresAt * 1000 <= this.#deps.clock()) {
        this.#known.delete(key);
        return refused({ reason: 'unknown_token' });
      }
      if (!wasKnown) this.#unknown.giveBack(address);
      const { account, expiresAt } = session;
      const now = { account, expiresAt, checkedAt: this.#deps.clock() };
      this.#known.set(key, now);
      return this.#letIn(bearer, key, now);
    } catch (error) {
      if (error instanceof RucioError && error.status >= 400 && error.status < 500) {
        this.#known.delete(key);
        return refused({ reason: 'unknown_token' });
      }
      if (error instanceof AppError) return unavailable();
      throw error;
    }
  }

  /** One question a token, however many requests wait for it; none of them can end it. */
  #validated(bearer: string, key: string): Promise<RucioSession | undefined> {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const { authHttp: http, clock } = this.#deps;
    const asked = validateSession({ http, clock }, bearer, AbortSignal.timeout(ANSWER_MS)).finally(
      () => this.#pending.delete(key),
    );
    this.#pending.set(key, asked);
    return asked;
  }

  #isFresh({ checkedAt, expiresAt }: Known): boolean {
    const now = this.#deps.clock();
    const age = now - checkedAt;
    // What is of the future was asked before the clock was set back.
    return age >= 0 && age < VALIDATION_SECONDS * 1000 && expiresAt * 1000 > now;
  }

  #letIn(bearer: string, key: string, { account, expiresAt }: Known): AuthResult {
    // What Rucio has just refused is asked about anew.
    const session = new UserSession(bearer, () => this.#known.delete(key));
    return {
      ok: true,
      principal: {
        account,
        // Rucio's token can do all that its account can; only `readOnly` keeps it from changes.
        scopes: [SCOPES.read, SCOPES.write],
        rucio: new RucioClient(this.#deps.http, session),
        session: { expiresAt: new Date(expiresAt * 1000) },
      },
    };
  }
}

function refused(failure: Extract<AuthResult, { ok: false }>['failure']): AuthResult {
  return { ok: false, failure };
}

/** Rucio can not be asked: nobody is let in. */
function unavailable(): AuthResult {
  return refused({ reason: 'unavailable', retryAfterSeconds: RETRY_SECONDS });
}
