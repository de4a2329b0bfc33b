import { createClient } from '@redis/client';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';

import {
  CLAIM_SECONDS,
  type Claim,
  type GrantStore,
  SET_BACK_MS,
  StateStoreUnavailable,
} from './grant-store';

/** Longest wait for one answer of Redis, in milliseconds. */
const ANSWER_MS = 1000;
/** Longest wait for a connection, and between two tries, in milliseconds. */
const CONNECT_MS = 2000;
/** How often an idle connection is tried, in milliseconds. */
const PING_MS = 15_000;
/**
 * How long a token that was seen to be good stays so while Redis does not answer, in milliseconds: a
 * restart of Redis is not noticed, and a withdrawn token is refused within a minute at the latest.
 */
const GRACE_MS = 60_000;
/** Most tokens whose last check is remembered. */
const MAX_CHECKED = 50_000;
/** Before all keys of ours, so that an access rule of Redis can be written for them. */
const PREFIX = 'rucio-mcp:';

/**
 * Value of a family: `<current>:<1 when the generation before may be repeated>`. As in
 * {@link MemoryGrantStore}, a family that nothing is known of starts with what is presented.
 *
 * KEYS: family, mark of a withdrawn family. ARGV: generation, life in milliseconds; a life of 0 only
 * asks. Returns the next generation, or -1.
 */
const ROTATE = `
if redis.call('EXISTS', KEYS[2]) == 1 then return -1 end
local presented = tonumber(ARGV[1])
local life = tonumber(ARGV[2])
local current, mayRepeat = presented, false
local known = redis.call('GET', KEYS[1])
if known then
  local number, flag = string.match(known, '^(%d+):(%d)$')
  current, mayRepeat = tonumber(number), flag == '1'
end
local isCurrent = presented == current
if not isCurrent and not (presented == current - 1 and mayRepeat) then
  if life > 0 then redis.call('SET', KEYS[2], '1', 'PX', life) end
  return -1
end
if life > 0 then
  redis.call('SET', KEYS[1], (current + 1) .. ':' .. (isCurrent and '1' or '0'), 'PX', life)
end
return current + 1
`;

/** KEYS: claim. ARGV: who makes it, its life in seconds. Returns 0 when it is another's. */
const CLAIM = `
local held = redis.call('GET', KEYS[1])
if held and held ~= '' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
`;

/**
 * Ends a claim, unless it has ended and is another's by now. Without DEL, which access rules that were
 * written for older versions do not allow. KEYS: claim. ARGV: who has made it.
 */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '', 'PX', 1) end
return 1
`;

export interface RedisOptions {
  /** `redis://` or `rediss://`, without user and password. */
  readonly url: string;
  /** ACL user; empty for Redis' default user. */
  readonly username: string;
  /** Read for every connection, so that a rotated password takes effect. */
  readonly password?: () => Promise<string>;
  /** PEM certificates that are trusted instead of the usual ones. */
  readonly ca?: string;
  readonly clock?: () => number;
  /** After every question. */
  readonly onOutcome?: (outcome: 'ok' | 'error') => void;
  /** Whenever Redis is lost, with the reason, and whenever it is there again. */
  readonly onChange?: (isUp: boolean, error?: unknown) => void;
}

type Client = ReturnType<typeof connect>;

/**
 * Keeps it in Redis or Valkey, for any number of pods. Only identifiers are stored, which are worth
 * nothing without the sealed token around them. A question that fails is not asked again: the caller
 * gets {@link StateStoreUnavailable}, and the client decides. The connection comes back by itself.
 */
export class RedisGrantStore implements GrantStore {
  /** Fulfilled when the first connection stands, or has failed for the first time. */
  readonly settled: Promise<void>;
  readonly #client: Client;
  readonly #options: RedisOptions;
  readonly #clock: () => number;
  #isUp: boolean | undefined;
  readonly #checked = new LRUCache<string, number>({ max: MAX_CHECKED });

  /** Connects in the background. */
  constructor(options: RedisOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.#client = connect(options);
    this.#client.on('ready', () => this.#changed(true));
    this.#client.on('error', (error: unknown) => this.#changed(false, error));
    this.settled = new Promise((resolve) => {
      this.#client.once('ready', resolve).once('error', () => resolve());
    });
    this.#client.connect().catch((error: unknown) => this.#changed(false, error));
  }

  async useCode(id: string, until: number): Promise<boolean> {
    const set = await this.#ask((redis) =>
      redis.set(key('code', id), '1', {
        condition: 'NX',
        expiration: { type: 'PX', value: this.#ttl(until) },
      }),
    );
    return set !== null;
  }

  async rotate(family: string, generation: number, until: number): Promise<number | undefined> {
    const next = await this.#rotate(family, generation, this.#ttl(until));
    return next === -1 ? undefined : next;
  }

  async claim(family: string, generation: number): Promise<Claim> {
    const name = key('claim', family);
    const mine = randomUUID();
    const claimed = await this.#ask((redis) =>
      redis.eval(CLAIM, { keys: [name], arguments: [mine, String(CLAIM_SECONDS)] }),
    );
    if (Number(claimed) !== 1) return { outcome: 'busy' };
    const release = async () => {
      await this.#ask((redis) => redis.eval(RELEASE, { keys: [name], arguments: [mine] }));
    };
    // Only now: another pod may have finished a renewal a moment ago.
    if ((await this.#rotate(family, generation, 0)) !== -1) return { outcome: 'claimed', release };
    await release();
    return { outcome: 'replayed' };
  }

  async revokeToken(id: string, until: number): Promise<void> {
    this.#checked.delete(id);
    await this.#mark(key('token', id), until);
  }

  async revokeFamily(family: string, until: number): Promise<void> {
    await this.#mark(key('revoked-family', family), until);
  }

  async isRevoked(id: string, family: string): Promise<boolean> {
    try {
      const marks = await this.#ask((redis) =>
        redis.exists([key('token', id), key('revoked-family', family)]),
      );
      if (marks > 0) this.#checked.delete(id);
      else this.#checked.set(id, this.#clock());
      return marks > 0;
    } catch (error) {
      const age = this.#clock() - (this.#checked.get(id) ?? -Infinity);
      // What is of the future was asked before the clock was set back.
      if (age >= 0 && age < GRACE_MS) return false;
      throw error;
    }
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }

  async #rotate(family: string, generation: number, life: number): Promise<number> {
    const answer = await this.#ask((redis) =>
      redis.eval(ROTATE, {
        keys: [key('family', family), key('revoked-family', family)],
        arguments: [String(generation), String(life)],
      }),
    );
    return Number(answer);
  }

  async #mark(name: string, until: number): Promise<void> {
    await this.#ask((redis) =>
      redis.set(name, '1', { expiration: { type: 'PX', value: this.#ttl(until) } }),
    );
  }

  /** @throws {StateStoreUnavailable} */
  async #ask<T>(question: (redis: Client) => Promise<T>): Promise<T> {
    try {
      const answer = await withinAnswerTime(question(this.#client));
      this.#options.onOutcome?.('ok');
      this.#changed(true);
      return answer;
    } catch (error) {
      this.#options.onOutcome?.('error');
      this.#changed(false, error);
      throw new StateStoreUnavailable(error);
    }
  }

  #changed(isUp: boolean, error?: unknown): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    this.#options.onChange?.(isUp, error);
  }

  #ttl(until: number): number {
    return Math.max(1, Math.ceil(until * 1000 - this.#clock())) + SET_BACK_MS;
  }
}

/** The client's own limit ends once a command is written: a Redis that hangs would be waited for. */
async function withinAnswerTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), ANSWER_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function key(kind: string, id: string): string {
  return `${PREFIX}${kind}:${id}`;
}

function connect({ url, username, password, ca }: RedisOptions) {
  const socket = {
    connectTimeout: CONNECT_MS,
    reconnectStrategy: (tries: number) => Math.min(CONNECT_MS, 50 * 2 ** Math.min(tries, 10)),
  };
  return createClient({
    url,
    socket: ca === undefined ? socket : { ...socket, tls: true, ca },
    ...(password === undefined ? {} : { credentialsProvider: credentials(username, password) }),
    // What can not be asked now is refused now.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
  });
}

function credentials(username: string, password: () => Promise<string>) {
  return {
    type: 'async-credentials-provider' as const,
    credentials: async () => ({
      ...(username === '' ? {} : { username }),
      password: await password(),
    }),
  };
}
