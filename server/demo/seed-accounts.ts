/** An account of the demo Rucio. */
export interface SeedAccount {
  readonly account: string;
  readonly type: 'USER' | 'SERVICE' | 'GROUP';
  readonly email: string;
}

/** A user name with its password, and the accounts that it may sign in to. */
export interface SeedIdentity {
  readonly username: string;
  readonly password: string;
  readonly email: string;
  /** With several accounts and none of them the default, Rucio asks back (status 206). */
  readonly accounts: readonly string[];
}

/** The account that may do everything; Rucio creates it at bootstrap. */
export const ROOT_ACCOUNT = 'root';

export const SEED_ACCOUNTS: readonly SeedAccount[] = [
  { account: ROOT_ACCOUNT, type: 'SERVICE', email: 'root@demo.example.org' },
  { account: 'jdoe', type: 'USER', email: 'jane.doe@demo.example.org' },
  { account: 'robot', type: 'SERVICE', email: 'robot@demo.example.org' },
  { account: 'prodsys', type: 'SERVICE', email: 'production@demo.example.org' },
  { account: 'physics-higgs', type: 'GROUP', email: 'higgs@demo.example.org' },
];

/** A scope and the account that owns it. */
export interface SeedScope {
  readonly scope: string;
  readonly account: string;
}

export const SEED_SCOPES: readonly SeedScope[] = [
  { scope: 'mc20_13TeV', account: 'prodsys' },
  { scope: 'data22_13p6TeV', account: 'prodsys' },
  { scope: 'user.jdoe', account: 'jdoe' },
  { scope: 'group.phys-higgs', account: 'physics-higgs' },
  { scope: 'archive', account: 'prodsys' },
];

/** Not secrets: the demo holds no data of anybody and listens on loopback. */
export const SEED_IDENTITIES: readonly SeedIdentity[] = [
  {
    username: 'ddmlab',
    password: 'secret',
    email: 'root@demo.example.org',
    accounts: [ROOT_ACCOUNT],
  },
  {
    username: 'jdoe',
    password: 'secret2',
    email: 'jane.doe@demo.example.org',
    accounts: ['jdoe'],
  },
  {
    username: 'robot',
    password: 'robotpwd',
    email: 'robot@demo.example.org',
    accounts: ['robot'],
  },
  {
    username: 'prodsys',
    password: 'prodpwd',
    email: 'production@demo.example.org',
    accounts: ['prodsys'],
  },
  {
    username: 'shifter',
    password: 'nightshift',
    email: 'shifter@demo.example.org',
    accounts: ['jdoe', 'physics-higgs'],
  },
];
