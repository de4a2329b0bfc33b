/** Somebody who signs in at the identity provider of the demo, and what Rucio knows of them. */
export interface SeedPerson {
  /** The identifier at the identity provider: the claim `sub`. */
  readonly subject: string;
  readonly name: string;
  /** What they are here for, in a few words. */
  readonly about: string;
  /** Accounts at Rucio, the default one first; none: Rucio does not know the person. */
  readonly accounts: readonly string[];
}

/** Nobody of them exists. */
export const SEED_PEOPLE: readonly SeedPerson[] = [
  { subject: 'jane', name: 'Jane Doe', about: 'a physicist', accounts: ['jdoe'] },
  { subject: 'priya', name: 'Priya Sharma', about: 'runs the production', accounts: ['prodsys'] },
  {
    subject: 'sam',
    name: 'Sam Nightshift',
    about: 'on shift, with two accounts',
    accounts: ['jdoe', 'physics-higgs'],
  },
  { subject: 'ada', name: 'Ada Root', about: 'may do everything', accounts: ['root'] },
  { subject: 'vera', name: 'Vera Visitor', about: 'has no account at Rucio', accounts: [] },
];
