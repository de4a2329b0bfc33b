import { type Tags, parseAllDocuments } from 'yaml';

import { UsageError } from '../usage-error';
import type { ValuesMap } from './values-map';

/** Largest values file, in bytes. Values are written by hand. */
export const MAX_VALUES_BYTES = 1_048_576;

/** Most nodes that aliases may stand for: below what a "billion laughs" needs, above any real use. */
const MAX_ALIASES = 100;

/**
 * Reads a values file as Helm does: YAML 1.1, so `yes` is true and `0644` is octal; dates stay
 * text, and what JSON has no word for is not read.
 *
 * @param content - the bytes of the file
 * @param name - how to call the file in messages
 * @returns `{}` for a file without content
 * @throws {UsageError} when it is too large, not UTF-8, not YAML, more than one document or no map
 */
export function parseYamlValues(content: Buffer, name: string): ValuesMap {
  if (content.length > MAX_VALUES_BYTES) {
    throw new UsageError(`${name} has ${content.length} bytes; ${MAX_VALUES_BYTES} is the most`);
  }
  const text = decode(content, name);
  const value = read(text, name);
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new UsageError(`${name} is not a map of values`, 'write lines such as "readOnly: true"');
  }
  return value as ValuesMap;
}

function decode(content: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new UsageError(`${name} is not UTF-8 text`, 'save it as UTF-8');
  }
}

function read(text: string, name: string): unknown {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.1',
      merge: true,
      uniqueKeys: true,
      prettyErrors: true,
      customTags: jsonTags,
    });
    if (documents.length === 0) return undefined;
    if (documents.length > 1) {
      throw new UsageError(
        `${name} has ${documents.length} YAML documents; a values file has one`,
        'remove the "---" lines, or use several files, each with -f',
      );
    }
    const [document] = documents;
    const [error] = document?.errors ?? [];
    if (error !== undefined) throw error;
    return document?.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name} can not be read as YAML: ${reason(error)}`);
  }
}

/** Without dates, binaries, sets and base-60 numbers, which Helm's reader leaves as text. */
function jsonTags(tags: Tags): Tags {
  const foreign = ['timestamp', 'binary', 'set', 'omap', 'pairs'];
  return tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      (!foreign.includes(tag.tag.split(':').at(-1) ?? '') && tag.format !== 'TIME'),
  );
}

function reason(error: unknown): string {
  if (error instanceof ReferenceError) return 'its aliases (*name) stand for too much';
  const message = error instanceof Error ? error.message.trim() : 'unknown error';
  return message.startsWith('Maximum call stack') ? 'it is nested too deeply' : message;
}
