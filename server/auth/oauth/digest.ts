import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 in base64url. @see RFC 7636 section 4.2 */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Whether two secrets are the same; the time it takes tells nothing of them. */
export function sameSecret(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
