import { AppError } from '../../errors';
import type { RucioSession } from '../rucio-session';
import { CLAIM_SECONDS, type GrantStore } from './grant-store';
import type { RucioLogin } from './rucio-login';
import { RENEWABLE_HOURS } from './rucio-login';
import type { Grant, Opened, Vault } from './vault';

/** A session with less than this is at its end, in seconds. */
const MIN_SESSION_SECONDS = 30;
/** Longest renewal: it is over before its claim is. In milliseconds. */
const RENEWAL_MS = (CLAIM_SECONDS - 10) * 1000;

/** What became of a refresh token. */
export type Renewal =
  | { readonly outcome: 'renewed'; readonly session: RucioSession; readonly generation: number }
  /** The session can not be renewed: the user has to sign in. */
  | { readonly outcome: 'ended' }
  /** The token was used before, by whoever: its family is withdrawn. */
  | { readonly outcome: 'replayed' }
  /** Nothing is used up: the client may try again. */
  | { readonly outcome: 'busy' | 'unavailable' };

export interface RenewalDeps {
  readonly grants: GrantStore;
  readonly login: RucioLogin;
  readonly vault: Vault;
  readonly clock: () => number;
}

/**
 * Exchanges refresh tokens. One token is renewed at Rucio once at a time: requests with it at this pod
 * wait for one answer, which all of them get; at another pod they are told to come back. What one
 * client drops, e.g. since its network has failed, goes on for the others and for its next try.
 */
export class Renewals {
  readonly #pending = new Map<string, Promise<Renewal>>();

  /** @throws {StateStoreUnavailable} */
  renew(deps: RenewalDeps, token: Opened<'refresh-token'>): Promise<Renewal> {
    const pending = this.#pending.get(token.id);
    if (pending !== undefined) return pending;
    const renewal = renewOnce(deps, token).finally(() => this.#pending.delete(token.id));
    this.#pending.set(token.id, renewal);
    return renewal;
  }
}

async function renewOnce(deps: RenewalDeps, token: Opened<'refresh-token'>): Promise<Renewal> {
  const { grants } = deps;
  const { generation, ...grant } = token.content;
  // Before Rucio hears of it: what is replayed renews no session.
  const claim = await grants.claim(grant.family, generation);
  if (claim.outcome === 'busy') return { outcome: 'busy' };
  if (claim.outcome === 'replayed') {
    await grants.rotate(grant.family, generation, endOfFamily(deps));
    return { outcome: 'replayed' };
  }
  try {
    const session = await renewedSession(deps, grant);
    if (session === 'unavailable') return { outcome: 'unavailable' };
    if (session === undefined || session.account !== grant.account) return { outcome: 'ended' };
    const next = await grants.rotate(grant.family, generation, endOfFamily(deps));
    return next === undefined
      ? { outcome: 'replayed' }
      : { outcome: 'renewed', session, generation: next };
  } finally {
    // Where it can not be released it ends by itself.
    await claim.release().catch(() => undefined);
  }
}

/** The session as it is now at Rucio, renewed where it can be. */
async function renewedSession(
  { login, clock }: RenewalDeps,
  grant: Grant,
): Promise<RucioSession | undefined | 'unavailable'> {
  const session = { token: grant.rucio, account: grant.account };
  const signal = AbortSignal.timeout(RENEWAL_MS);
  try {
    const now = clock() / 1000;
    const found = grant.renewable
      ? await login.renew(session, signal)
      : await login.validate(session.token, signal);
    return found !== undefined && found.expiresAt - now < MIN_SESSION_SECONDS ? undefined : found;
  } catch (error) {
    if (error instanceof AppError) return 'unavailable';
    throw error;
  }
}

/** When no refresh token of a login that was used now opens any more. */
export function endOfFamily({ clock, vault }: Pick<RenewalDeps, 'clock' | 'vault'>): number {
  return Math.floor(clock() / 1000) + RENEWABLE_HOURS * 3600 + 2 * vault.skewSeconds;
}
