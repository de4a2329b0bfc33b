import { readFileSync } from 'node:fs';

import { codeOf } from '../rucio/error-code';

/** The text of the `[client]` section and the others of a `rucio.cfg`, by section and key. */
export type RucioCfg = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** How deep one value may refer to others, as in Python's `configparser`. */
const MAX_DEPTH = 10;

/**
 * Reads a `rucio.cfg` as Python's `configparser` does: `key = value` or `key: value`, lines that go
 * on by indentation, `[DEFAULT]`, and `%(key)s` for another value of the same section.
 *
 * @param name - of the file, for messages
 * @throws {Error} that tells the line, or the key whose reference leads nowhere
 * @see https://docs.python.org/3/library/configparser.html
 */
export function parseRucioCfg(text: string, name: string): RucioCfg {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*([#;]|$)/.test(line)) return;
    const problem = (what: string) => new Error(`${name}, line ${index + 1}: ${what}`);
    if (/^\s/.test(line) && section !== undefined && key !== undefined) {
      section.set(key, `${section.get(key) ?? ''}\n${line.trim()}`.trim());
      return;
    }
    const header = /^\[([^\]]+)\]/.exec(line.trim())?.[1];
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, string>();
      sections.set(header, section);
      key = undefined;
      return;
    }
    const [, left, right = ''] = /^([^=:]+)[=:](.*)$/.exec(line) ?? [];
    if (left === undefined) throw problem('is neither a section nor "key = value"');
    if (section === undefined) throw problem('stands before the first [section]');
    key = left.trim().toLowerCase();
    section.set(key, right.trim());
  });
  return interpolate(sections, name);
}

function interpolate(sections: Map<string, Map<string, string>>, name: string): RucioCfg {
  const defaults = sections.get('DEFAULT') ?? new Map<string, string>();
  const whole = [...sections].map(([title, own]) => {
    const raw = new Map([...defaults, ...own]);
    const values = [...raw].map(
      ([key, value]) => [key, expand(value, { raw, name, title, key, depth: 0 })] as const,
    );
    return [title, new Map(values)] as const;
  });
  return new Map(whole);
}

interface Context {
  readonly raw: ReadonlyMap<string, string>;
  readonly name: string;
  readonly title: string;
  readonly key: string;
  readonly depth: number;
}

function expand(value: string, context: Context): string {
  const { raw, name, title, key, depth } = context;
  return value.replace(/%(?:%|\(([^)]+)\)s)/g, (_, reference: string | undefined) => {
    if (reference === undefined) return '%';
    const other = raw.get(reference.toLowerCase());
    if (other === undefined || depth >= MAX_DEPTH) {
      throw new Error(`${name}: [${title}] ${key} refers to ${reference}, which leads nowhere`);
    }
    return expand(other, { ...context, depth: depth + 1 });
  });
}

/**
 * @throws {Error} when the file can not be read or has a mistake in it
 */
export function readRucioCfg(path: string): RucioCfg {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} can not be read (${codeOf(error)})`, { cause: error });
  }
  return parseRucioCfg(text, path);
}
