import { SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import { buildSeed } from '../../server/demo/seed';

/** Rucio's generic naming rules: `rucio/common/schema/generic.py` of 41.5.1. */
const RULES = {
  account: /^[a-z0-9-_]{1,25}$/,
  scope: /^[a-zA-Z_\-.0-9]{1,25}$/,
  name: /^(?=.{1,250}$)[/A-Za-z0-9][/A-Za-z0-9.\-_]*$/,
  rse: /^([A-Z0-9]+([_-][A-Z0-9]+)*)$/,
  adler32: /^[a-f0-9]{8}$/,
};

describe('the data of the demo', () => {
  const seed = buildSeed();

  test('is the same every time', () => {
    expect(buildSeed()).toEqual(seed);
  });

  test('has only names that Rucio accepts', () => {
    for (const { account } of seed.accounts) expect(account).toMatch(RULES.account);
    for (const { rse } of seed.rses) expect(rse).toMatch(RULES.rse);
    for (const { scope, name } of [...seed.files, ...seed.collections]) {
      expect(scope).toMatch(RULES.scope);
      expect(name).toMatch(RULES.name);
    }
    for (const { adler32 } of seed.files) expect(adler32).toMatch(RULES.adler32);
  });

  test('names every DID once', () => {
    const names = [...seed.files, ...seed.collections].map(({ scope, name }) => `${scope}:${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('lets the robot in that npm start uses', () => {
    expect(SEED_IDENTITIES).toContainEqual(
      expect.objectContaining({ username: 'robot', password: 'robotpwd', accounts: ['robot'] }),
    );
  });

  test('grows to more than ten thousand files', () => {
    const { files, replicas } = buildSeed({ filesPerDataset: 500 });
    expect(files.length).toBeGreaterThan(10_000);
    expect(replicas.length).toBeGreaterThan(files.length);
  });

  test('has files without a readable replica and all kinds of rules', () => {
    const available = new Set(
      seed.replicas.filter(({ state }) => state === 'AVAILABLE').map(({ name }) => name),
    );
    expect(seed.files.filter(({ name }) => !available.has(name))).toHaveLength(1);
    expect(new Set(seed.rules.map(({ fate }) => fate)).size).toBe(3);
    expect(new Set(seed.transfers.map(({ state }) => state)).size).toBe(2);
  });
});
