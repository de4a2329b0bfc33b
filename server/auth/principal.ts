import type { Scope } from '../../lib/contract/scopes';
import type { RucioClient } from '../rucio/client';
import type { Session } from '../tools/define';

/** Who calls, and the Rucio client that works as them. */
export interface Principal {
  /** The Rucio account. */
  readonly account: string;
  readonly scopes: readonly Scope[];
  readonly rucio: RucioClient;
  /** What the caller may be told of their session, besides the scopes. */
  readonly session?: Omit<Session, 'scopes'>;
}

/** Why a request was not let in. The reason is for logs and metrics; the wire says less. */
export type AuthFailure =
  | { readonly reason: 'missing' }
  | { readonly reason: 'malformed' }
  | { readonly reason: 'unknown_token' }
  /** Signed out, or Rucio has ended the session. */
  | { readonly reason: 'revoked' }
  | NotDecided;

/** Nothing was decided about the token: the client may present it again. */
export interface NotDecided {
  /** Too many unknown tokens from one address; who would have to know it does not answer. */
  readonly reason: 'limited' | 'unavailable';
  readonly retryAfterSeconds: number;
}

/** Where a request comes from. */
export interface Caller {
  /** What it is counted by: its IP address, or the network of that. */
  readonly address: string;
}

export type AuthResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly failure: AuthFailure };

/** Decides about the `Authorization` header of a request. Never throws for what a client sent. */
export type Authenticator = (
  authorization: string | undefined,
  caller: Caller,
) => Promise<AuthResult>;
