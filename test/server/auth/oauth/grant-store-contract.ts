import type { GrantStore } from '../../../../server/auth/oauth/grant-store';

/** Long after any test, in seconds since the epoch. */
export const UNTIL = 4_000_000_000;

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
    expect(await store.isCurrent('f', 1)).toBe(false);
    expect(await store.isRevoked('any', 'f')).toBe(false);
    expect(await store.rotate('f', 1, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'f')).toBe(true);
    expect(await store.rotate('f', 3, UNTIL)).toBeUndefined();
    expect(await store.isCurrent('f', 3)).toBe(false);
    expect(await store.isRevoked('any', 'other')).toBe(false);
  });

  test('the refresh token before the last may be repeated once: its answer may be lost', async () => {
    expect(await store.rotate('g', 1, UNTIL)).toBe(2);
    expect(await store.isCurrent('g', 1)).toBe(true);
    expect(await store.rotate('g', 1, UNTIL)).toBe(3);
    expect(await store.isCurrent('g', 1)).toBe(false);
    expect(await store.rotate('g', 1, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'g')).toBe(true);
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
