import { createHash, hkdfSync, randomBytes } from 'node:crypto';

import type { SecretFile } from '../../secret-file';

/** Shortest secret of a sealing key, in characters: 128 bits in hexadecimal. */
export const MIN_SECRET_LENGTH = 32;
/** Most keys of a ring; more are a mistake. */
const MAX_KEYS = 16;
const KEY_BYTES = 32;
/** `name:secret`, or the secret alone. */
const LINE = /^(?:([A-Za-z0-9_-]{1,32}):)?(\S+)$/;

export interface RingKey {
  /** Names the key in what it seals. Tells nothing of the secret. */
  readonly id: string;
  readonly secret: string;
}

/** The keys now: the first one seals, all of them open. */
export type KeyRing = () => Promise<readonly RingKey[]>;

/** A ring of one key that is made now: what it seals ends with this process. */
export function processKeyRing(): KeyRing {
  const key = toKey(undefined, randomBytes(KEY_BYTES).toString('hex'));
  return () => Promise.resolve([key]);
}

/**
 * A ring from a file with one key a line, `secret` or `name:secret`, newest first. To rotate, put a
 * new line on top and remove the old one when everything that it sealed has ended.
 */
export function fileKeyRing(file: SecretFile): KeyRing {
  let content: string | undefined;
  let keys: readonly RingKey[] = [];
  return async () => {
    const current = await file.read();
    if (current !== content) {
      try {
        keys = parseKeyRing(current, file.path);
      } catch (error) {
        // A broken edit must not log anybody out: the good keys stay.
        if (keys.length === 0) throw error;
      }
      content = current;
    }
    return keys;
  };
}

/**
 * @param subject - what to call the ring in errors, e.g. its path
 * @throws {Error} for a ring without keys, with a weak key or with one name for two; never holds one
 */
export function parseKeyRing(content: string, subject: string): readonly RingKey[] {
  const lines = content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const keys = lines.map((line, index) => {
    const [, id, secret = ''] = LINE.exec(line) ?? [];
    if (secret.length < MIN_SECRET_LENGTH) {
      throw new Error(
        `${subject}: key ${index + 1} is not "secret" or "name:secret" with at least ` +
          `${MIN_SECRET_LENGTH} characters; make one with: openssl rand -hex 32`,
      );
    }
    return toKey(id, secret);
  });
  if (keys.length === 0 || keys.length > MAX_KEYS) {
    throw new Error(`${subject}: has ${keys.length} sealing keys; 1-${MAX_KEYS} are expected`);
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    throw new Error(`${subject}: two sealing keys have the same name; every key needs its own`);
  }
  return keys;
}

/**
 * The key for one purpose. Each has its own, so that nothing sealed for one opens for another.
 *
 * @see RFC 5869
 */
export function deriveKey({ secret }: RingKey, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `rucio-mcp ${purpose}`, KEY_BYTES));
}

function toKey(id: string | undefined, secret: string): RingKey {
  const digest = createHash('sha256').update(`rucio-mcp key id ${secret}`).digest('base64url');
  return { id: id ?? digest.slice(0, 8), secret };
}
