import { SEED_IDENTITIES, type SeedIdentity } from '../../../server/demo/seed-accounts';

const named = (username: string): SeedIdentity => {
  const found = SEED_IDENTITIES.find((identity) => identity.username === username);
  if (found === undefined) throw new TypeError(`the demo has no ${username}`);
  return found;
};

/** The user who signs in through the identity provider. */
export const USER = named('jdoe');

/** The robot, under the name that it has first and the one that it is given by rotation. */
export const ROBOTS: readonly [SeedIdentity, SeedIdentity] = [
  named('robot'),
  { ...named('robot'), username: 'robot-rotated', password: 'robotpwd-rotated' },
];

/** What the pod's program and the tests agree on. */
export const FRONT = {
  port: 443,
  tlsDirectory: '/etc/rucio-tls',
  /** The variable with the life of a session, in seconds. */
  sessionSeconds: 'SESSION_SECONDS',
} as const;
