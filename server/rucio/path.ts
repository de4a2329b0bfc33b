import { AppError } from '../errors';
import { hasControlCharacters, quoteName } from './untrusted-text';

/** Longest path segment, in characters. Apache takes request lines of 8190 bytes. */
const MAX_SEGMENT = 1000;
/** More rounds of percent-decoding than any chain of proxies does. */
const MAX_DECODINGS = 5;

/**
 * Builds a request path. Each segment is one value and stays one: it is percent-encoded whole, and
 * one that could mean another path to any decoder on the way is refused.
 *
 * @param prefix - path of the base URL, without a slash at the end
 * @param trailingSlash - whether the path ends with one; no segment is ever empty
 * @throws {AppError} BAD_ARGUMENT for a segment that is empty, too long, has control characters, or
 *   has `.` or `..` as a part between slashes, plain or percent-encoded
 */
export function buildPath(
  prefix: string,
  segments: readonly string[],
  trailingSlash = false,
): string {
  return `${prefix}/${segments.map(encodeSegment).join('/')}${trailingSlash ? '/' : ''}`;
}

function encodeSegment(segment: string): string {
  if (segment === '') throw badSegment(segment, 'it is empty');
  if (segment.length > MAX_SEGMENT) {
    throw badSegment(segment, `it has more than ${MAX_SEGMENT} characters`);
  }
  let decoded = segment;
  for (let round = 0; round <= MAX_DECODINGS; round += 1) {
    if (hasControlCharacters(decoded)) throw badSegment(segment, 'it has control characters');
    if (decoded.split(/[/\\]/).some((part) => part === '.' || part === '..')) {
      throw badSegment(segment, 'it has "." or ".." where a name must be');
    }
    const next = decodeAscii(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  try {
    return encodeURIComponent(segment);
  } catch {
    // A lone surrogate.
    throw badSegment(segment, 'it is not valid Unicode');
  }
}

/** Percent-decodes ASCII only: that is where separators, dots and controls are; the rest may be text. */
function decodeAscii(text: string): string {
  return text.replaceAll(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function badSegment(segment: string, why: string): AppError {
  return new AppError('BAD_ARGUMENT', {
    what: `${quoteName(segment)} can not be a name at Rucio: ${why}.`,
    next: 'use the exact name as Rucio lists it',
  });
}
