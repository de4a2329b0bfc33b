import { randomBytes } from 'node:crypto';

import { SEAL_TTL_SECONDS, createSealer, keysFromSecret } from '../../server/sealer';

const BINDING = { site: 'atlas', account: 'jdoe', purpose: 'confirm rucio_delete_rule' };
const DATA = { args: 'digest', facts: { scope: 'mock' } };
const key = () => new Uint8Array(randomBytes(32));

describe('sealed tokens', () => {
  const mine = key();
  const sealer = createSealer({ keys: () => Promise.resolve([mine]) });

  it('open for what they were made for, and show nothing on the way', async () => {
    const token = await sealer.seal(BINDING, DATA);
    expect(token).not.toContain('mock');
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toBe(
      '{"alg":"dir","enc":"A256GCM"}',
    );
    expect(await sealer.open(BINDING, token)).toEqual(DATA);
  });

  it.each([
    ['another site', { ...BINDING, site: 'cms' }],
    ['another account', { ...BINDING, account: 'root' }],
    ['another purpose', { ...BINDING, purpose: 'confirm rucio_move_rule' }],
  ])('do not open for %s', async (_, binding) => {
    const token = await sealer.seal(BINDING, DATA);
    expect(await sealer.open(binding, token)).toBeUndefined();
  });

  it('do not open when any part was changed, or with another key', async () => {
    const token = await sealer.seal(BINDING, DATA);
    const parts = token.split('.');
    for (const index of [0, 2, 3, 4]) {
      const part = parts[index] ?? '';
      const changed = parts.with(index, `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`);
      expect(await sealer.open(BINDING, changed.join('.'))).toBeUndefined();
    }
    for (const nonsense of ['', 'x', '....', token.slice(0, -5)]) {
      expect(await sealer.open(BINDING, nonsense)).toBeUndefined();
    }
    const other = createSealer({ keys: () => Promise.resolve([key()]) });
    expect(await other.open(BINDING, token)).toBeUndefined();
    expect(await createSealer().open(BINDING, token)).toBeUndefined();
  });

  it('are good for ten minutes', async () => {
    let now = 1_800_000_000_000;
    const timed = createSealer({ keys: () => Promise.resolve([mine]), clock: () => now });
    const token = await timed.seal(BINDING, DATA);
    now += (SEAL_TTL_SECONDS - 1) * 1000;
    expect(await timed.open(BINDING, token)).toEqual(DATA);
    now += 2000;
    expect(await timed.open(BINDING, token)).toBeUndefined();
  });

  it('open with an older key while a new one seals', async () => {
    const old = await sealer.seal(BINDING, DATA);
    const fresh = key();
    const rotated = createSealer({ keys: () => Promise.resolve([fresh, mine]) });
    expect(await rotated.open(BINDING, old)).toEqual(DATA);
    expect(await sealer.open(BINDING, await rotated.seal(BINDING, DATA))).toBeUndefined();
  });

  it('are shared by all who have the secret, and end when it changes', async () => {
    let secret = 'a'.repeat(32);
    const read = () => Promise.resolve(secret);
    const [one, two] = [
      createSealer({ keys: keysFromSecret(read) }),
      createSealer({ keys: keysFromSecret(read) }),
    ];
    const token = await one.seal(BINDING, DATA);
    expect(await two.open(BINDING, token)).toEqual(DATA);
    secret = 'b'.repeat(32);
    expect(await two.open(BINDING, token)).toBeUndefined();
  });
});
