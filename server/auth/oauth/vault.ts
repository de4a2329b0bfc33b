import { EncryptJWT, decodeProtectedHeader, jwtDecrypt } from 'jose';
import { LRUCache } from 'lru-cache';
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';

import { type KeyRing, type RingKey, deriveKey } from './key-ring';

const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const;
/** Longest text that is tried to be opened, in characters. */
const MAX_LENGTH = 16_384;
/** Derived keys that are kept: 16 keys for 5 kinds. */
const MAX_DERIVED = 80;
/** Access tokens that are kept open: those of the users who work now. */
const MAX_OPEN = 1000;
/** How long one is kept open, in milliseconds: what is inside is a session of its user. */
const OPEN_MS = 60_000;

/** Who signed in, and with what: the part that codes and tokens have in common. */
const Grant = z.object({
  /** Digest of the client id. */
  client: z.string(),
  /** For the audit log. What an older server has sealed does not say it, nor the next. */
  clientName: z.string().default(''),
  /** Whether it is a client of the settings, and its tokens end when it is removed there. */
  clientIsConfigured: z.boolean().default(false),
  scope: z.string(),
  account: z.string(),
  /** The Rucio session token. */
  rucio: z.string(),
  /** Its end by our clock, in seconds since the epoch. */
  rucioExp: z.int(),
  /** Whether Rucio can renew the session. */
  renewable: z.boolean(),
  /** All tokens of one login. */
  family: z.string(),
});
export type Grant = z.output<typeof Grant>;

/** What is sealed, by kind. None can stand in for another: each has its own key and its own `typ`. */
const KINDS = {
  'access-token': Grant,
  'refresh-token': Grant.extend({ generation: z.int() }),
  'authorization-code': Grant.extend({ redirect: z.string(), challenge: z.string() }),
  /** The cookie of one login, from the request of the client to the code. */
  login: z.object({
    csrf: z.string(),
    client: z.string(),
    clientName: z.string(),
    clientHost: z.string().nullable(),
    /** Logins that an older server has begun do not say it. */
    clientIsConfigured: z.boolean().default(false),
    redirect: z.string(),
    challenge: z.string(),
    state: z.string().nullable(),
    /** What the client asks for; after the consent, what the user has agreed to. */
    scope: z.string(),
    /** After the consent: the query of Rucio's login URL. It is as good as the session token. */
    fetch: z.string().optional(),
    /** After the consent: where the user goes to sign in. */
    loginUrl: z.string().optional(),
    /** After the sign-in: whose session it is. */
    account: z.string().optional(),
  }),
  /** The registration of a client, which is its id. */
  client: z.object({ name: z.string(), redirects: z.array(z.string()) }),
} as const;
export type Kind = keyof typeof KINDS;
export type Content<K extends Kind> = z.output<(typeof KINDS)[K]>;

export interface Opened<K extends Kind> {
  readonly content: Content<K>;
  /** Unique. */
  readonly id: string;
  /** In seconds since the epoch; infinite for what has no end. */
  readonly expiresAt: number;
  /**
   * When no pod opens it any more, by the clock of this one: what was done with it has to be
   * remembered until then. A pod whose clock is behind opens it longer, and grants the skew besides.
   */
  readonly goneAt: number;
}

/** An access token that was opened lately, and the key that opened it. */
interface OpenToken {
  readonly opened: Opened<'access-token'>;
  readonly key: RingKey;
}

export interface SealOptions {
  /** @default without an end */
  readonly ttlSeconds?: number;
  /** @default a new one */
  readonly id?: string;
}

/**
 * Seals what is handed to clients and browsers for one site: they can neither read nor change it, and
 * any replica with the same keys can open it.
 *
 * @see RFC 7516 section 3.1 (compact serialization), RFC 7518 sections 4.5 and 5.3
 */
export class Vault {
  readonly #issuer: string;
  readonly #ring: KeyRing;
  readonly #clock: () => number;
  /** How much the clocks of two pods may differ without harm, in seconds. */
  readonly skewSeconds: number;
  readonly #derived = new LRUCache<string, Uint8Array>({ max: MAX_DERIVED });
  /** By digest: the tokens themselves are not kept. */
  readonly #open = new LRUCache<string, OpenToken>({ max: MAX_OPEN, ttl: OPEN_MS });

  /**
   * @param issuer - URL of the site; nothing that was sealed for another one opens
   * @param skewSeconds - how much longer everything opens, for pods whose clocks differ
   */
  constructor(issuer: string, ring: KeyRing, clock: () => number = Date.now, skewSeconds = 0) {
    this.skewSeconds = skewSeconds;
    this.#issuer = issuer;
    this.#ring = ring;
    this.#clock = clock;
  }

  async seal<K extends Kind>(
    kind: K,
    content: Content<K>,
    { ttlSeconds, id = randomUUID() }: SealOptions = {},
  ): Promise<string> {
    const [key] = await this.#ring();
    if (key === undefined) throw new TypeError('there is no sealing key');
    const jwt = new EncryptJWT({ ...content })
      .setProtectedHeader({ ...ALGORITHM, kid: key.id, typ: typeOf(kind) })
      .setIssuer(this.#issuer)
      .setAudience(this.#issuer)
      .setJti(id);
    const now = Math.floor(this.#clock() / 1000);
    if (ttlSeconds !== undefined) jwt.setExpirationTime(now + Math.floor(ttlSeconds));
    return jwt.encrypt(this.#key(key, kind));
  }

  /**
   * As {@link open}, for what comes with every request: opened once a minute only. Its key has to be
   * in the ring and its time has to last at every use all the same.
   */
  async openAccessToken(sealed: string): Promise<Opened<'access-token'> | undefined> {
    const digest = createHash('sha256').update(sealed).digest('base64');
    const known = this.#open.get(digest);
    if (known !== undefined) {
      const isGood =
        (await this.#ring()).includes(known.key) && this.#lasts(known.opened.expiresAt);
      if (isGood) return known.opened;
      this.#open.delete(digest);
    }
    // A key that is replaced under its name meanwhile must not be taken for the one that opened it.
    const ring = await this.#ring();
    const opened = await this.open('access-token', sealed);
    if (opened === undefined) return undefined;
    const key = await this.#keyOf(sealed);
    if (key !== undefined && ring.includes(key)) this.#open.set(digest, { opened, key });
    return opened;
  }

  #lasts(expiresAt: number): boolean {
    return expiresAt > Math.floor(this.#clock() / 1000) - this.skewSeconds;
  }

  async #keyOf(sealed: string): Promise<RingKey | undefined> {
    const { kid } = decodeProtectedHeader(sealed);
    return (await this.#ring()).find(({ id }) => id === kid);
  }

  /** `undefined` for what is foreign, changed, has ended, or was made for something else. */
  async open<K extends Kind>(kind: K, sealed: string): Promise<Opened<K> | undefined> {
    if (sealed.length > MAX_LENGTH) return undefined;
    try {
      const key = await this.#keyOf(sealed);
      if (key === undefined) return undefined;
      const { payload } = await jwtDecrypt(sealed, this.#key(key, kind), {
        issuer: this.#issuer,
        audience: this.#issuer,
        typ: typeOf(kind),
        requiredClaims: kind === 'client' ? ['jti'] : ['jti', 'exp'],
        currentDate: new Date(this.#clock()),
        clockTolerance: this.skewSeconds,
        keyManagementAlgorithms: [ALGORITHM.alg],
        contentEncryptionAlgorithms: [ALGORITHM.enc],
      });
      const expiresAt = payload.exp ?? Number.POSITIVE_INFINITY;
      return {
        content: KINDS[kind].parse(payload) as Content<K>,
        id: payload.jti ?? '',
        expiresAt,
        goneAt: expiresAt + 2 * this.skewSeconds,
      };
    } catch {
      // Whatever is wrong with it: it is not ours, or not any more.
      return undefined;
    }
  }

  #key(key: RingKey, kind: Kind): Uint8Array {
    const name = `${key.id} ${kind} ${key.secret}`;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const derived = deriveKey(key, kind);
    this.#derived.set(name, derived);
    return derived;
  }
}

function typeOf(kind: Kind): string {
  return `rucio-mcp-${kind}+jwt`;
}
