import { ROOT_ACCOUNT, SEED_ACCOUNTS, type SeedAccount } from './seed-accounts';
import type { Sessions } from './sessions';

export interface DemoStoreDeps {
  readonly sessions: Sessions;
  /** When the data came into being, in milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The data of the demo Rucio. It never changes while the demo runs. */
export class DemoStore {
  readonly sessions: Sessions;
  readonly createdAt: number;
  readonly accounts: ReadonlyMap<string, SeedAccount>;

  constructor(deps: DemoStoreDeps) {
    this.sessions = deps.sessions;
    this.createdAt = deps.createdAt;
    this.accounts = new Map(SEED_ACCOUNTS.map((account) => [account.account, account]));
  }

  /** Whether an account may see and do everything. */
  isAdmin(account: string): boolean {
    return account === ROOT_ACCOUNT;
  }
}
