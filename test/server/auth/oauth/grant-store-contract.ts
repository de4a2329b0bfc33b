import type { Claim, GrantStore } from '../../../../server/auth/oauth/grant-store';

/** Long after any test, in seconds since the epoch. */
export const UNTIL = 4_000_000_000;

async function released(claim: Claim): Promise<void> {
  if (claim.outcome !== 'claimed') throw new Error(`the claim is ${claim.outcome}`);
  await claim.release();
}

/** What every store does, whatever it keeps things in. */
export function describeGrantStore(create: () => GrantStore): void {
  let store: GrantStore;
  beforeEach(() => {
    store = create();
  });
  afterEach(() => store.close());

  test('a code is used once', async () => {
    expect(await store.useCode('a', UNTIL)).toBe(true);
    expect(await store.useCode('b', UNTIL)).toBe(true);
    expect(await store.useCode('a', UNTIL)).toBe(false);
  });

  test('of many that use a code at once, one succeeds', async () => {
    const used = await Promise.all(Array.from({ length: 20 }, () => store.useCode('c', UNTIL)));
    expect(used.filter(Boolean)).toHaveLength(1);
  });

  test('T31: refresh replay: an old refresh token withdraws the whole family', async () => {
    expect(await store.rotate('f', 1, UNTIL)).toBe(2);
    expect(await store.rotate('f', 2, UNTIL)).toBe(3);
    expect(await store.isRevoked('any', 'f')).toBe(false);
    expect((await store.claim('f', 1)).outcome).toBe('replayed');
    expect(await store.isRevoked('any', 'f')).toBe(false);
    expect(await store.rotate('f', 1, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'f')).toBe(true);
    expect(await store.rotate('f', 3, UNTIL)).toBeUndefined();
    expect((await store.claim('f', 3)).outcome).toBe('replayed');
    expect(await store.isRevoked('any', 'other')).toBe(false);
  });

  test('the refresh token before the last may be repeated once: its answer may be lost', async () => {
    expect(await store.rotate('g', 1, UNTIL)).toBe(2);
    await released(await store.claim('g', 1));
    expect(await store.rotate('g', 1, UNTIL)).toBe(3);
    expect((await store.claim('g', 1)).outcome).toBe('replayed');
    expect(await store.rotate('g', 1, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'g')).toBe(true);
  });

  test('of many that want to renew one login at once, one may, until it is done', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim('i', 1)));
    const outcomes = claims.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(19);
    expect((await store.claim('another', 1)).outcome).toBe('claimed');
    for (const claim of claims) if (claim.outcome === 'claimed') await released(claim);
    // Nothing was used up by it.
    expect((await store.claim('i', 1)).outcome).toBe('claimed');
    expect(await store.rotate('i', 1, UNTIL)).toBe(2);
  });

  test('one token, or all of a login, are withdrawn', async () => {
    await store.revokeToken('t', UNTIL);
    expect(await store.isRevoked('t', 'h')).toBe(true);
    expect(await store.isRevoked('u', 'h')).toBe(false);
    await store.revokeFamily('h', UNTIL);
    expect(await store.isRevoked('u', 'h')).toBe(true);
    expect(await store.rotate('h', 1, UNTIL)).toBeUndefined();
  });
}
