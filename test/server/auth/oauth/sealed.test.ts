import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileKeyRing, parseKeyRing, processKeyRing } from '../../../../server/auth/oauth/key-ring';
import { type Content, Vault } from '../../../../server/auth/oauth/vault';
import { SecretFile } from '../../../../server/secret-file';

const ISSUER = 'https://mcp.example.org/site/one';
const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);
const ring = (content: string) => {
  const keys = parseKeyRing(content, 'the ring');
  return () => Promise.resolve(keys);
};
const GRANT: Content<'access-token'> = {
  client: 'c',
  clientName: 'Test client',
  clientIsConfigured: false,
  scope: 'rucio:read',
  account: 'jdoe',
  rucio: 'secret-session',
  rucioExp: 4_000_000_000,
  renewable: false,
  family: 'f',
};

describe('what is sealed', () => {
  test('opens for what it was sealed for, with its content, id and end', async () => {
    const vault = new Vault(ISSUER, ring(OLD), () => 1_000_000);
    const sealed = await vault.seal('access-token', GRANT, { ttlSeconds: 60, id: 'one' });
    expect(await vault.open('access-token', sealed)).toEqual({
      content: GRANT,
      id: 'one',
      expiresAt: 1060,
      goneAt: 1060,
    });
    expect(sealed).not.toContain(Buffer.from('secret-session').toString('base64url'));
  });

  const REFRESH = { ...GRANT, generation: 1 };
  const CODE = { ...GRANT, redirect: 'https://a/', challenge: 'x' };

  test.each([
    ['an access token is no refresh token', 'access-token', 'refresh-token', GRANT],
    ['a refresh token is no access token', 'refresh-token', 'access-token', REFRESH],
    ['a code is no access token', 'authorization-code', 'access-token', CODE],
    ['a code is no refresh token', 'authorization-code', 'refresh-token', CODE],
  ] as const)('%s', async (_title, sealedAs, openedAs, content) => {
    const vault = new Vault(ISSUER, processKeyRing());
    const sealed = await vault.seal(sealedAs, content, { ttlSeconds: 60 });
    expect(await vault.open(sealedAs, sealed)).toBeDefined();
    expect(await vault.open(openedAs, sealed)).toBeUndefined();
  });

  test('T18: audience confusion: what one site sealed does not open at another', async () => {
    const keys = ring(OLD);
    const sealed = await new Vault(ISSUER, keys).seal('access-token', GRANT, { ttlSeconds: 60 });
    const other = new Vault('https://mcp.example.org/site/two', keys);
    expect(await other.open('access-token', sealed)).toBeUndefined();
  });

  test('what has ended, was changed, is of another key or is no token does not open', async () => {
    let now = 1_000_000;
    const vault = new Vault(ISSUER, ring(OLD), () => now);
    const sealed = await vault.seal('access-token', GRANT, { ttlSeconds: 60 });
    expect(await new Vault(ISSUER, ring(NEW)).open('access-token', sealed)).toBeUndefined();
    const parts = sealed.split('.');
    const changed = parts.with(3, `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1)}`);
    expect(await vault.open('access-token', changed.join('.'))).toBeUndefined();
    expect(await vault.open('access-token', 'x'.repeat(100_000))).toBeUndefined();
    expect(await vault.open('access-token', '')).toBeUndefined();
    now += 61_000;
    expect(await vault.open('access-token', sealed)).toBeUndefined();
  });

  test('opens at a pod whose clock is up to the skew ahead, and is gone when no pod opens it', async () => {
    const sealed = await new Vault(ISSUER, ring(OLD), () => 1_000_000).seal('access-token', GRANT, {
      ttlSeconds: 60,
    });
    const openAt = (seconds: number) =>
      new Vault(ISSUER, ring(OLD), () => seconds * 1000, 120).open('access-token', sealed);
    expect(await openAt(1000 + 60 + 119)).toMatchObject({ expiresAt: 1060 });
    expect(await openAt(1000 + 60 + 121)).toBeUndefined();
    // The pod that remembers may be 120 s ahead of the one that still opens it.
    expect((await openAt(1000))?.goneAt).toBe(1060 + 240);
  });
});

describe('an access token that was opened just now', () => {
  test('opens again, the same', async () => {
    const vault = new Vault(ISSUER, ring(OLD), () => 1_000_000);
    const sealed = await vault.seal('access-token', GRANT, { ttlSeconds: 60, id: 'one' });
    const first = await vault.openAccessToken(sealed);
    expect(first).toMatchObject({ id: 'one', content: GRANT });
    expect(await vault.openAccessToken(sealed)).toEqual(first);
  });

  test('opens no longer than it lasts, to the second', async () => {
    let now = 1_000_000;
    const vault = new Vault(ISSUER, ring(OLD), () => now, 120);
    const sealed = await vault.seal('access-token', GRANT, { ttlSeconds: 60 });
    for (const [second, isOpen] of [
      [1000, true],
      [1179, true],
      [1180, false],
    ] as const) {
      now = second * 1000;
      expect((await vault.openAccessToken(sealed)) !== undefined).toBe(isOpen);
      expect((await vault.open('access-token', sealed)) !== undefined).toBe(isOpen);
    }
  });

  test('T26: secret rotation: does not open once its key is removed', async () => {
    const [before, after] = [ring(`${NEW}\n${OLD}`), ring(NEW)];
    let current = before;
    const vault = new Vault(ISSUER, () => current());
    const sealed = await new Vault(ISSUER, ring(OLD)).seal('access-token', GRANT, {
      ttlSeconds: 60,
    });
    expect(await vault.openAccessToken(sealed)).toBeDefined();
    current = after;
    expect(await vault.openAccessToken(sealed)).toBeUndefined();
  });

  test('does not stand in for one that was changed', async () => {
    const vault = new Vault(ISSUER, ring(OLD));
    const sealed = await vault.seal('access-token', GRANT, { ttlSeconds: 60 });
    expect(await vault.openAccessToken(sealed)).toBeDefined();
    expect(await vault.openAccessToken(`${sealed}x`)).toBeUndefined();
    expect(await vault.openAccessToken(sealed.slice(0, -1))).toBeUndefined();
  });
});

describe('the key ring', () => {
  test('T26: secret rotation: the first key seals, all open, a removed one does not', async () => {
    const sealed = await new Vault(ISSUER, ring(OLD)).seal('access-token', GRANT, {
      ttlSeconds: 60,
    });
    const rotated = new Vault(ISSUER, ring(`2026:${NEW}\n${OLD}\n`));
    expect(await rotated.open('access-token', sealed)).toBeDefined();
    const renewed = await rotated.seal('access-token', GRANT, { ttlSeconds: 60 });
    const removed = new Vault(ISSUER, ring(`2026:${NEW}`));
    expect(await removed.open('access-token', renewed)).toBeDefined();
    expect(await removed.open('access-token', sealed)).toBeUndefined();
  });

  test.each([
    ['an empty file', '\n# nothing\n', /has 0 sealing keys/],
    ['a short key', `${OLD}\nshort`, /key 2 is not/],
    ['two keys of one name', `k:${OLD}\nk:${NEW}`, /same name/],
  ])('refuses %s without showing a key', (_title, content, message) => {
    const parse = () => parseKeyRing(content, 'the ring');
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(new RegExp(`${OLD}|${NEW}|short`));
  });

  test('a file is read again when it changes; a broken edit leaves the good keys', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'key-ring-'));
    try {
      const path = join(directory, 'keys');
      let now = 0;
      await writeFile(path, `one:${OLD}`);
      const keys = fileKeyRing(new SecretFile(path, { clock: () => now }));
      expect((await keys()).map(({ id }) => id)).toEqual(['one']);
      await writeFile(path, `two:${NEW}\none:${OLD}`);
      now += 2000;
      expect((await keys()).map(({ id }) => id)).toEqual(['two', 'one']);
      await writeFile(path, 'broken');
      now += 2000;
      expect((await keys()).map(({ id }) => id)).toEqual(['two', 'one']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
