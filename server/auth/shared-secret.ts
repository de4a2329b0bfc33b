import { createHash, timingSafeEqual } from 'node:crypto';

import { MIN_BEARER_LENGTH } from '../../lib/contract/server-document';
import type { SecretFile } from '../secret-file';
import { presentedBearer } from './presented-bearer';
import type { Authenticator, Principal } from './principal';

/**
 * Lets in whoever presents the shared bearer. The file may hold several, one a line, so that a new
 * one can be handed out before the old one is withdrawn.
 */
export function sharedSecretAuthenticator(secret: SecretFile, principal: Principal): Authenticator {
  let content: string | undefined;
  let digests: Buffer[] = [];
  return async (authorization) => {
    const presented = presentedBearer(authorization);
    if (presented.bearer === undefined) return { ok: false, failure: presented.failure };
    const current = await secret.read();
    if (current !== content) {
      content = current;
      digests = bearersOf(current).map(sha256);
    }
    // Digests have one length and every one is compared, so time tells nothing of the secret.
    const digest = sha256(presented.bearer);
    const matches = digests.filter((known) => timingSafeEqual(known, digest)).length;
    return matches > 0
      ? { ok: true, principal }
      : { ok: false, failure: { reason: 'unknown_token' } };
  };
}

/**
 * Reads the bearer file once, at start.
 *
 * @throws {Error} when it can not be read or a bearer in it is too weak; the text never holds it
 */
export async function checkBearerFile(secret: SecretFile): Promise<void> {
  const bearers = bearersOf(await secret.read());
  if (bearers.some((bearer) => bearer.length < MIN_BEARER_LENGTH)) {
    throw new Error(
      `${secret.path} holds a bearer of fewer than ${MIN_BEARER_LENGTH} characters; ` +
        'make one with: openssl rand -hex 32',
    );
  }
}

function bearersOf(content: string): string[] {
  return content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
