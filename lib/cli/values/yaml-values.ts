import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';

import { UsageError } from '../usage-error';
import { PlainValueError, toPlainValues } from './plain-values';
import { type ValuesMap, isMap } from './values-map';
import { valuesTags } from './yaml-scalars';

/** Largest values file, in bytes. Values are written by hand. */
export const MAX_VALUES_BYTES = 1_048_576;

/** Most nodes that aliases may stand for: below what a "billion laughs" needs, above any real use. */
const MAX_ALIASES = 100;

/** Most warnings about one file. */
const MAX_WARNINGS = 20;

/** A values file as it was read. */
export interface YamlValues {
  readonly values: ValuesMap;
  /** What is allowed and most likely a mistake, with the place. */
  readonly warnings: readonly string[];
}

/**
 * Reads a values file as Helm does: YAML 1.1, so `yes` is true and `0644` is octal; dates stay
 * text; of a key that stands twice the last one counts, which is told as a warning.
 *
 * @param content - the bytes of the file
 * @param name - how to call the file in messages
 * @returns `{}` for a file without content
 * @throws {UsageError} when it is too large, not UTF-8, not YAML, more than one document or no map
 */
export function readYamlValues(content: Buffer, name: string): YamlValues {
  if (content.length > MAX_VALUES_BYTES) {
    throw new UsageError(`${name} has ${content.length} bytes; ${MAX_VALUES_BYTES} is the most`);
  }
  const text = decode(content, name);
  try {
    const document = onlyDocument(text, name);
    const value = toPlainValues(document?.toJS({ maxAliasCount: MAX_ALIASES }));
    if (document === undefined || value === null || value === undefined) {
      return { values: {}, warnings: [] };
    }
    if (!isMap(value)) {
      throw new UsageError(
        `${name} is not a map of values`,
        'write lines such as "readOnly: true"',
      );
    }
    return { values: value, warnings: inspectKeys(document, text, name) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name} can not be read as YAML: ${reason(error)}`);
  }
}

function decode(content: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new UsageError(`${name} is not UTF-8 text`, 'save it as UTF-8');
  }
}

/** The document of a file; those without content are not counted. */
function onlyDocument(text: string, name: string): Document.Parsed | undefined {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    // Finding them takes the library quadratic time; see inspectKeys.
    uniqueKeys: false,
    prettyErrors: true,
    customTags: valuesTags,
  });
  if ('empty' in documents) return undefined;
  const [error] = documents.flatMap((document) => document.errors);
  if (error !== undefined) throw error;
  const full = documents.filter(
    ({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null),
  );
  if (full.length > 1) {
    throw new UsageError(
      `${name} has ${full.length} YAML documents; a values file has one`,
      'remove the "---" lines, or use several files, each with -f',
    );
  }
  return full[0];
}

/** @returns warnings about keys that stand twice */
function inspectKeys(document: Document.Parsed, text: string, name: string): string[] {
  const warnings: string[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (key.value === null) throw new UsageError(`${name} has a key that is null`, 'quote it');
        const word = typeof key.value === 'string' ? key.value : JSON.stringify(key.value);
        if (seen.has(word) && word !== '<<') {
          const line = text.slice(0, key.range?.[0] ?? 0).split('\n').length;
          warnings.push(`${name}, line ${line}: the key "${word}" stands twice; this one counts`);
        }
        seen.add(word);
        if (warnings.length === MAX_WARNINGS) return visit.BREAK;
      }
      return undefined;
    },
  });
  return warnings;
}

function reason(error: unknown): string {
  if (error instanceof PlainValueError) return error.message;
  if (error instanceof ReferenceError) return 'its aliases (*name) stand for too much';
  const message = error instanceof Error ? error.message.trim() : 'unknown error';
  return message.startsWith('Maximum call stack') ? 'it is nested too deeply' : message;
}
