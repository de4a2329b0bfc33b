import { AUTH_LIMITS, LIMIT_WINDOW_SECONDS } from '../../../lib/contract/auth-limits';
import { callerAddress } from '../caller-address';
import { FloodGate } from '../flood-gate';
import { digest } from './digest';

/** The caller asks too often, and may try again after a while. */
export class TooManyRequests extends Error {
  readonly code = 'TOO_MANY_REQUESTS';
  readonly statusCode = 429;
  /** At least 1. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('too many requests');
    this.name = 'TooManyRequests';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type LimitName = keyof typeof AUTH_LIMITS.oauth;

/**
 * How often the OAuth endpoints of a site may be asked, in this process. Known clients have a count of
 * their own at each address, so that many behind one do not take from each other; what nobody is
 * known to have sent shares a small one. Addresses are counted as {@link callerAddress} has it. Every method throws {@link TooManyRequests}.
 */
export class ClientLimits {
  readonly #clock: () => number;
  readonly #gates = new Map<LimitName, FloodGate>();

  /** @param clock - in milliseconds since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Any request, before anything of it is read. */
  arrive(address: string): void {
    this.#take('address', callerAddress(address));
  }

  register(address: string): void {
    this.#take('registrations', callerAddress(address));
  }

  /** Rucio is about to be asked for a login. */
  startLogin(address: string): void {
    this.#take('logins', callerAddress(address));
  }

  /** A step of a login that is under way in this browser. */
  stepOf(txn: string): void {
    this.#take('login', txn);
  }

  /** A step of a login that is not of this browser, or not any more. */
  foreignStep(address: string): void {
    this.#take('foreignSteps', callerAddress(address));
  }

  /**
   * A request that names a known client, without a proof. Anybody can send it, hence it takes nothing
   * from that client at other addresses, nor from its requests that are proven.
   */
  asNamed(address: string, clientId: string): void {
    this.#take('clientAtAddress', `named ${digest(clientId)} ${callerAddress(address)}`);
  }

  /** A request of a client that has proven itself with its secret. */
  asClient(address: string, clientId: string): void {
    const client = digest(clientId);
    this.#take('clientAtAddress', `proven ${client} ${callerAddress(address)}`);
    this.#take('client', client);
  }

  /** A request that names no known client, or fails to prove that it is from it. */
  asUnknown(address: string): void {
    this.#take('unknownClients', callerAddress(address));
  }

  /** What was taken by {@link asUnknown} came from a client after all. */
  forgive(address: string): void {
    this.#gate('unknownClients').giveBack(callerAddress(address));
  }

  #take(name: LimitName, caller: string): void {
    const retryAfterSeconds = this.#gate(name).take(caller);
    if (retryAfterSeconds > 0) throw new TooManyRequests(retryAfterSeconds);
  }

  #gate(name: LimitName): FloodGate {
    let gate = this.#gates.get(name);
    if (gate === undefined) {
      const windowMs = LIMIT_WINDOW_SECONDS * 1000;
      gate = new FloodGate({ max: AUTH_LIMITS.oauth[name], windowMs, clock: this.#clock });
      this.#gates.set(name, gate);
    }
    return gate;
  }
}
