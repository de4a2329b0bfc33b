import { EncryptJWT, jwtDecrypt } from 'jose';
import { hkdf, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import type { Sealer } from './tools/sealed-plan';

/** How long a sealed token is good, in seconds. */
export const SEAL_TTL_SECONDS = 600;
const KEY_BYTES = 32;
const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;

/** Keys of 32 bytes: the first one seals, all of them open. Asked for at every use. */
export type SealingKeys = () => Promise<readonly Uint8Array[]>;

export interface SealerDeps {
  /** @default a key of this process, made at start */
  readonly keys?: SealingKeys | undefined;
  readonly clock?: (() => number) | undefined;
}

/**
 * Seals with AES-256-GCM. Site, account and purpose are inside and checked, as is the time.
 *
 * @see RFC 7516 section 3.1 (compact serialization), RFC 7518 sections 4.5 and 5.3
 */
export function createSealer({ keys = processKey(), clock = Date.now }: SealerDeps = {}): Sealer {
  return {
    seal: async ({ site, account, purpose }, data) => {
      const [key] = await keys();
      if (key === undefined) throw new TypeError('there is no sealing key');
      return new EncryptJWT({ data, purpose })
        .setProtectedHeader(HEADER)
        .setAudience(site)
        .setSubject(account)
        .setExpirationTime(Math.floor(clock() / 1000) + SEAL_TTL_SECONDS)
        .encrypt(key);
    },
    open: async ({ site, account, purpose }, token) => {
      for (const key of await keys()) {
        try {
          const { payload } = await jwtDecrypt(token, key, {
            audience: site,
            subject: account,
            requiredClaims: ['exp'],
            currentDate: new Date(clock()),
            keyManagementAlgorithms: [HEADER.alg],
            contentEncryptionAlgorithms: [HEADER.enc],
          });
          if (payload['purpose'] === purpose) return payload['data'];
        } catch {
          // Whatever is wrong with it: it is not ours, or not any more.
        }
      }
      return undefined;
    },
  };
}

function processKey(): SealingKeys {
  const key = randomBytes(KEY_BYTES);
  return () => Promise.resolve([key]);
}

/**
 * A sealing key from a secret that all replicas have, so that each opens what another sealed.
 *
 * @see RFC 5869
 */
export function keysFromSecret(read: () => Promise<string>): SealingKeys {
  return async () => {
    const derived = await promisify(hkdf)('sha256', await read(), '', 'rucio-mcp seal', KEY_BYTES);
    return [new Uint8Array(derived)];
  };
}
