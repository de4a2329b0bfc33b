import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type GrantStore, StateStoreUnavailable } from '../../../../server/auth/oauth/grant-store';
import {
  RedisGrantStore,
  type RedisOptions,
} from '../../../../server/auth/oauth/redis-grant-store';
import { SecretFile } from '../../../../server/secret-file';
import { eventually } from '../../../support/eventually';
import { describeWith } from '../../../support/requirements';
import { type RedisServer, startRedis } from '../../../support/start-redis';
import { UNTIL, describeGrantStore } from './grant-store-contract';

/** A store that a test has to close. */
const open = new Set<GrantStore>();
const opened: { redis?: RedisServer } = {};
afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  open.clear();
  await opened.redis?.stop();
  delete opened.redis;
});

function connect(options: Partial<RedisOptions> & { url: string }): RedisGrantStore {
  const store = new RedisGrantStore({ username: '', ...options });
  open.add(store);
  return store;
}

/** Questions are refused until the connection stands. */
const answers = (store: GrantStore) =>
  eventually(() =>
    store.isRevoked(randomUUID(), 'nothing').then(
      (revoked) => !revoked,
      () => false,
    ),
  );

describeWith('redis', 'in Redis', (command) => {
  describe('for all that a store does', () => {
    let redis: RedisServer;
    let stores: RedisGrantStore[];
    beforeAll(async () => {
      redis = await startRedis(command);
    });
    beforeEach(async () => {
      stores = [connect({ url: redis.url }), connect({ url: redis.url })];
      await Promise.all(stores.map(answers));
      execFileSync('redis-cli', ['-p', String(redis.port), 'flushall'], { stdio: 'ignore' });
    });
    afterAll(() => redis.stop());

    /** Every question goes to the other one of two pods. */
    const alternating = (): GrantStore => {
      let turn = 0;
      return new Proxy({} as GrantStore, {
        get:
          (_target, name: keyof GrantStore) =>
          (...args: unknown[]) => {
            const store = stores[turn++ % stores.length] as unknown as Record<string, unknown>;
            return (store[name] as (...given: unknown[]) => unknown).apply(store, args);
          },
      });
    };
    describeGrantStore(alternating);
  });

  test('nothing of a grant outlives it', async () => {
    opened.redis = await startRedis(command);
    const store = connect({ url: opened.redis.url });
    await answers(store);
    const soon = Math.floor(Date.now() / 1000) + 3600;
    await store.useCode('a', soon);
    await store.rotate('f', 1, soon);
    await store.revokeToken('t', soon);
    await store.revokeFamily('g', soon);
    const cli = (...args: string[]) =>
      execFileSync('redis-cli', ['-p', String(opened.redis?.port), ...args], { encoding: 'utf8' });
    const keys = cli('keys', '*').trim().split('\n');
    expect(keys).toHaveLength(4);
    for (const key of keys) {
      expect(key).toMatch(/^rucio-mcp:/);
      const life = Number(cli('ttl', key));
      expect(life).toBeGreaterThan(0);
      expect(life).toBeLessThanOrEqual(7200);
    }
  });

  test('Redis is killed and comes back: the store comes back by itself', async () => {
    opened.redis = await startRedis(command);
    const changes: boolean[] = [];
    const store = connect({ url: opened.redis.url, onChange: (isUp) => changes.push(isUp) });
    await store.settled;
    await opened.redis.kill();
    await expect(store.useCode('a', UNTIL)).rejects.toBeInstanceOf(StateStoreUnavailable);
    await expect(store.rotate('f', 1, UNTIL)).rejects.toBeInstanceOf(StateStoreUnavailable);
    await opened.redis.start();
    await answers(store);
    expect(await store.useCode('a', UNTIL)).toBe(true);
    expect(changes).toEqual([true, false, true]);
  });

  test('a Redis that hangs keeps nobody waiting: it is taken for one that is away', async () => {
    opened.redis = await startRedis(command);
    const changes: boolean[] = [];
    const store = connect({ url: opened.redis.url, onChange: (isUp) => changes.push(isUp) });
    await store.settled;
    expect(await store.isRevoked('known', 'f')).toBe(false);
    opened.redis.pause();
    await expect(store.useCode('a', UNTIL)).rejects.toBeInstanceOf(StateStoreUnavailable);
    await expect(store.isRevoked('new', 'f')).rejects.toBeInstanceOf(StateStoreUnavailable);
    expect(await store.isRevoked('known', 'f')).toBe(false);
    opened.redis.resume();
    await answers(store);
    expect(changes).toEqual([true, false, true]);
  });

  test('a Redis that is not there at the start is found later', async () => {
    opened.redis = await startRedis(command);
    await opened.redis.kill();
    const store = connect({ url: opened.redis.url });
    await expect(store.useCode('a', UNTIL)).rejects.toBeInstanceOf(StateStoreUnavailable);
    await opened.redis.start();
    await answers(store);
    expect(await store.useCode('a', UNTIL)).toBe(true);
  });

  test('while Redis is away, who was let in a moment ago stays, and nobody else', async () => {
    opened.redis = await startRedis(command);
    let now = Date.now();
    const store = connect({ url: opened.redis.url, clock: () => now });
    await answers(store);
    expect(await store.isRevoked('known', 'f')).toBe(false);
    await store.revokeToken('withdrawn', UNTIL);
    expect(await store.isRevoked('withdrawn', 'f')).toBe(true);
    await opened.redis.kill();
    expect(await store.isRevoked('known', 'f')).toBe(false);
    await expect(store.isRevoked('new', 'f')).rejects.toBeInstanceOf(StateStoreUnavailable);
    await expect(store.isRevoked('withdrawn', 'f')).rejects.toBeInstanceOf(StateStoreUnavailable);
    now -= 1;
    await expect(store.isRevoked('known', 'f')).rejects.toBeInstanceOf(StateStoreUnavailable);
    now += 60_002;
    await expect(store.isRevoked('known', 'f')).rejects.toBeInstanceOf(StateStoreUnavailable);
  });

  test('user and password are sent, and a rotated password takes effect', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-redis-password-'));
    const file = join(directory, 'password');
    writeFileSync(file, 'first-password\n');
    const user = (password: string) => ['reset', 'on', `>${password}`, '~rucio-mcp:*', '+@all'];
    opened.redis = await startRedis(command, ['--user', 'mcp', ...user('first-password')]);
    const cli = (...args: string[]) =>
      execFileSync('redis-cli', ['-p', String(opened.redis?.port), ...args], { stdio: 'ignore' });
    let clock = 0;
    const secret = new SecretFile(file, { clock: () => (clock += 2000) });
    const store = connect({
      url: opened.redis.url,
      username: 'mcp',
      password: () => secret.read(),
    });
    await answers(store);
    cli('acl', 'setuser', 'mcp', ...user('second-password'));
    writeFileSync(file, 'second-password\n');
    cli('client', 'kill', 'user', 'mcp');
    await answers(store);
    expect(await store.useCode('a', UNTIL)).toBe(true);
    await rm(directory, { recursive: true });
  });

  test('a wrong password is no access, and is not told in the error', async () => {
    opened.redis = await startRedis(command, ['--requirepass', 'right-password']);
    const problems: unknown[] = [];
    const store = connect({
      url: opened.redis.url,
      password: () => Promise.resolve('wrong-password'),
      onChange: (_isUp, error) => problems.push(error),
    });
    await eventually(() => problems.length > 0);
    await expect(store.useCode('a', UNTIL)).rejects.toBeInstanceOf(StateStoreUnavailable);
    expect(problems.map(String).join()).not.toContain('wrong-password');
  });

  test('TLS: the authority that is named is trusted, and no other', async () => {
    opened.redis = await startRedis(command, TLS);
    const ca = readFileSync(join(TLS_FILES, 'loopback-cert.pem'), 'utf8');
    await answers(connect({ url: opened.redis.url, ca }));
    const problems: unknown[] = [];
    const other = connect({
      url: opened.redis.url,
      onChange: (_isUp, error) => problems.push(error),
    });
    await eventually(() => problems.length > 0);
    await expect(other.useCode('a', UNTIL)).rejects.toBeInstanceOf(StateStoreUnavailable);
  });
});

const TLS_FILES = join(__dirname, '../../../support/tls');
const TLS = [
  ...['--tls-cert-file', join(TLS_FILES, 'loopback-cert.pem')],
  ...['--tls-key-file', join(TLS_FILES, 'loopback-key.pem')],
  ...['--tls-auth-clients', 'no', '--tls-port'],
];
