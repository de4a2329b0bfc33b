import { createHash, timingSafeEqual } from 'node:crypto';

import { MIN_BEARER_LENGTH } from '../../lib/contract/server-document';
import type { SecretFile } from '../secret-file';
import type { Authenticator, Principal } from './principal';

/** RFC 6750 section 2.1: `b64token`. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/**
 * Lets in whoever presents the shared bearer. The file may hold several, one a line, so that a new
 * one can be handed out before the old one is withdrawn.
 */
export function sharedSecretAuthenticator(secret: SecretFile, principal: Principal): Authenticator {
  let content: string | undefined;
  let digests: Buffer[] = [];
  return async (authorization) => {
    if (authorization === undefined) return { ok: false, failure: { reason: 'missing' } };
    const presented = BEARER.exec(authorization)?.[1];
    if (presented === undefined) return { ok: false, failure: { reason: 'malformed' } };
    const current = await secret.read();
    if (current !== content) {
      content = current;
      digests = bearersOf(current).map(sha256);
    }
    // Digests have one length and every one is compared, so time tells nothing of the secret.
    const digest = sha256(presented);
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
