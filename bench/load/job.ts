/** What the users of one run do. */
export interface UsersJob {
  /** `rucio`: the floor, without a server in between. */
  readonly target: 'server' | 'rucio';
  readonly url: string;
  /** One user each. */
  readonly tokens: readonly string[];
  readonly seconds: number;
  /** Between an answer and the next call of the same user, in milliseconds. */
  readonly pauseMs: number;
}

/** Times in milliseconds. */
export interface UsersResult {
  readonly calls: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly errors: number;
  /** How often each kind of failure happened. */
  readonly failures: Readonly<Record<string, number>>;
}
