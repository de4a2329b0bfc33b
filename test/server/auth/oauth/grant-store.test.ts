import { MemoryGrantStore } from '../../../../server/auth/oauth/grant-store';

const UNTIL = 4_000_000_000;

describe('used codes and withdrawn tokens', () => {
  test('a code is used once', async () => {
    const store = new MemoryGrantStore();
    expect(await store.useCode('a', UNTIL)).toBe(true);
    expect(await store.useCode('b', UNTIL)).toBe(true);
    expect(await store.useCode('a', UNTIL)).toBe(false);
  });

  test('T31: refresh replay: an old refresh token withdraws the whole family', async () => {
    const store = new MemoryGrantStore();
    expect(await store.rotate('f', 1, UNTIL)).toBe(2);
    expect(await store.rotate('f', 2, UNTIL)).toBe(3);
    expect(await store.isRevoked('any', 'f')).toBe(false);
    expect(await store.rotate('f', 1, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'f')).toBe(true);
    expect(await store.rotate('f', 3, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'other')).toBe(false);
  });

  test('the refresh token before the last may be repeated once: its answer may be lost', async () => {
    const store = new MemoryGrantStore();
    expect(await store.rotate('f', 1, UNTIL)).toBe(2);
    expect(await store.rotate('f', 1, UNTIL)).toBe(3);
    expect(await store.rotate('f', 1, UNTIL)).toBeUndefined();
    expect(await store.isRevoked('any', 'f')).toBe(true);
  });
});
