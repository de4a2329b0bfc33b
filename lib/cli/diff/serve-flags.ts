import type { ValuesMap } from '../values/values-map';

export interface ServeFlags {
  /** The arguments before `serve`. */
  readonly before: readonly string[];
  /** Flags without their hyphens; each with its values, or `true`. */
  readonly flags: ValuesMap;
}

/**
 * The flags of `serve` in the arguments of a container: as arguments, or as the last command of a
 * shell script, which is how the Helm chart writes them.
 *
 * @returns `undefined` where nothing is served
 */
export function serveFlags(args: readonly string[]): ServeFlags | undefined {
  const script = args.find((arg) => /\bserve\s+--/.test(arg));
  const at = args.indexOf('serve');
  if (at >= 0) return { before: args.slice(0, at), flags: flagsOf(args.slice(at + 1)) };
  if (script === undefined) return undefined;
  const line = script.split('\n').find((text) => /\bserve\s+--/.test(text)) ?? '';
  const words = shellWords(line);
  const rest = script.split('\n').filter((text) => text !== line);
  return {
    before: args.map((arg) => (arg === script ? rest.join('\n').trim() : arg)),
    flags: flagsOf(words.slice(words.indexOf('serve') + 1)),
  };
}

function flagsOf(words: readonly string[]): ValuesMap {
  const flags = new Map<string, (string | true)[]>();
  words.forEach((word, index) => {
    if (!word.startsWith('--')) return;
    const [name = '', inline] = word.slice(2).split(/=(.*)/s);
    const next = words[index + 1];
    const value = inline ?? (next === undefined || next.startsWith('--') ? true : next);
    flags.set(name, [...(flags.get(name) ?? []), value]);
  });
  return Object.fromEntries(
    [...flags].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** Words as a POSIX shell splits them, as far as quotes go. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => {
      return single ?? double ?? '';
    }),
  );
}
