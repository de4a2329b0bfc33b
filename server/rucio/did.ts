import { AppError } from '../errors';
import { hasControlCharacters, quoteName } from './untrusted-text';

/** A data identifier. */
export interface Did {
  readonly scope: string;
  readonly name: string;
}

/** Longest DID that is looked at, in characters; Rucio's generic schema allows 25 + 250. */
const MAX_LENGTH = 1000;

/**
 * A DID as people paste it: white space and backticks around it and one trailing `/` are dropped.
 * Without a colon the scope is taken from the name as Rucio's `def` algorithm does it: up to the
 * first dot, or the second where the name starts with `user` or `group`.
 *
 * @throws {AppError} BAD_ARGUMENT when it is empty, has several colons, an empty side or control
 *   characters
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/common/utils.py (extract_scope_default)
 */
export function parseDid(text: string, argument = 'did'): Did {
  const trimmed = text.replaceAll(/^[\s`]+|[\s`]+$/g, '');
  if (trimmed === '') throw badDid(argument, text, 'it is empty');
  if (trimmed.length > MAX_LENGTH) {
    throw badDid(argument, text, `it has more than ${MAX_LENGTH} characters`);
  }
  if (hasControlCharacters(trimmed)) throw badDid(argument, text, 'it has control characters');
  const parts = trimmed.split(':');
  if (parts.length > 2) throw badDid(argument, text, 'it has more than one colon');
  if (parts.length === 1) return { scope: scopeOf(trimmed), name: withoutSlash(trimmed) };
  const scope = (parts[0] ?? '').trim();
  const name = withoutSlash((parts[1] ?? '').trim());
  if (scope === '' || name === '') throw badDid(argument, text, 'one side of its colon is empty');
  return { scope, name };
}

/**
 * Several DIDs, separated by white space; each once.
 *
 * @throws {AppError} BAD_ARGUMENT when there is none, one is wrong, or there are more than `max`
 */
export function parseDids(text: string, argument: string, max: number): Did[] {
  const words = text.split(/[\s`]+/).filter((word) => word !== '');
  if (words.length === 0) throw badDid(argument, text, 'it is empty');
  const dids = new Map(
    words.map((word) => {
      const did = parseDid(word, argument);
      return [formatDid(did), did];
    }),
  );
  if (dids.size > max) {
    throw new AppError('TOO_BROAD', {
      what: `${argument} has ${dids.size} DIDs; at most ${max} are looked up in one call.`,
      next: 'ask for fewer, or for a dataset that contains them',
    });
  }
  return [...dids.values()];
}

export function formatDid(did: Did): string {
  return `${did.scope}:${did.name}`;
}

function scopeOf(text: string): string {
  const parts = text.split('.');
  const scope = parts[0] ?? '';
  return /^(user|group)/.test(text) && parts.length > 1 ? `${scope}.${parts[1] ?? ''}` : scope;
}

function withoutSlash(name: string): string {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

function badDid(argument: string, text: string, why: string): AppError {
  return new AppError('BAD_ARGUMENT', {
    what: `${argument} ${quoteName(text)} is not a DID: ${why}.`,
    next: 'write scope:name, e.g. user.jdoe:my.dataset',
  });
}
