import type { SetDialect } from './set-dialect';
import { SetError } from './set-error';
import { SetScanner } from './set-scanner';
import { type MutableMap, getKey, isMap, kindOf, setKey } from './values-map';

/** Largest index in `list[index]`, as Helm has it. */
export const MAX_INDEX = 65_536;

/** Most dots in the name of a value, as Helm has it. */
export const MAX_NAME_DEPTH = 30;

/**
 * Puts what an argument of the `--set` family says into `target`. Grammar, typing and corner cases
 * are those of Helm 3: `a.b=1,c[0]=x,d={1,2},e\.f=g`; an empty key sets nothing; the argument is
 * applied from left to right, so that each part sees what the ones before it made.
 *
 * @param argument - what stands behind the option
 * @param target - is changed, also where an error is thrown
 * @throws {SetError} when it has no meaning
 * @see https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set
 */
export function applySet(argument: string, target: MutableMap, dialect: SetDialect): void {
  const parser = new SetParser(new SetScanner(argument), dialect);
  while (parser.key(target, [], 0) !== 'end');
}

/** `end`: nothing was left to read, which at the end of the argument is no mistake. */
type Outcome = 'more' | 'end';

interface Item {
  readonly list: unknown[];
  readonly outcome: Outcome;
}

class SetParser {
  readonly #scanner: SetScanner;
  readonly #dialect: SetDialect;

  constructor(scanner: SetScanner, dialect: SetDialect) {
    this.#scanner = scanner;
    this.#dialect = dialect;
  }

  /** Reads a key and all that hangs on it into `map`, which is found at `path`. */
  key(map: MutableMap, path: readonly string[], depth: number): Outcome {
    const { lists } = this.#dialect;
    const { text, stop } = this.#scanner.until(lists ? '=[,.' : '=[.', lists);
    const here = text === '' ? path : [...path, text];
    switch (stop) {
      case undefined:
        if (text === '') return 'end';
        throw new SetError(`${name(here)} has no value`);
      case ',':
        throw new SetError(
          text === '' ? 'there is nothing between two commas' : `${name(here)} has no value`,
        );
      case '=': {
        const { value, ended } = this.#dialect.readValue(this.#scanner);
        set(map, text, value);
        return ended ? 'end' : 'more';
      }
      case '.':
        return this.#member(map, text, here, depth + 1);
      default: {
        const index = this.#index(here);
        const found = getKey(map, text) ?? absent(map, text);
        if (found !== undefined && !Array.isArray(found)) throw clash(here, found, 'a list');
        const { list, outcome } = this.#item((found as unknown[] | undefined) ?? [], {
          index,
          path: here,
          depth,
        });
        set(map, text, list);
        return outcome;
      }
    }
  }

  #member(map: MutableMap, key: string, path: readonly string[], depth: number): Outcome {
    if (depth > MAX_NAME_DEPTH) {
      throw new SetError(`a name has more than ${MAX_NAME_DEPTH} levels`);
    }
    const found = getKey(map, key) ?? absent(map, key);
    if (found !== undefined && !isMap(found)) throw clash(path, found, 'a map');
    const inner = found ?? {};
    const outcome = this.key(inner, path, depth);
    const empty = Object.keys(inner).length === 0;
    if (outcome === 'more' && empty) throw new SetError(`${name(path)} has no value`);
    if (!empty) set(map, key, inner);
    return outcome;
  }

  /** The number in `[...]`, whose opening bracket is read. */
  #index(path: readonly string[]): number {
    const { text, stop } = this.#scanner.until(']', this.#dialect.lists);
    if (stop === undefined) throw new SetError(`the index of ${name(path)} has no "]"`);
    if (!/^[+-]?\d+$/.test(text)) {
      throw new SetError(`the index of ${name(path)} is not a whole number`);
    }
    const index = Number(text);
    if (index < 0) throw new SetError(`the index of ${name(path)} is negative`);
    return index;
  }

  /** Reads what follows `[index]`. */
  #item(
    list: unknown[],
    at: { readonly index: number; readonly path: readonly string[]; readonly depth: number },
  ): Item {
    const { index, depth } = at;
    const path = [...at.path.slice(0, -1), `${at.path.at(-1) ?? ''}[${index}]`];
    const { text, stop } = this.#scanner.until('[.=', this.#dialect.lists);
    if (text !== '') throw new SetError(`"=", "." or "[" must follow ${name(path)}`);
    if (stop === undefined) return { list, outcome: 'end' };
    if (stop === '=') {
      const { value } = this.#dialect.readValue(this.#scanner);
      return { list: setIndex(list, index, value, path), outcome: 'more' };
    }
    if (stop === '[') {
      const next = this.#index(path);
      const found = list[index] ?? [];
      if (!Array.isArray(found)) throw clash(path, found, 'a list');
      const inner = this.#item(found as unknown[], { index: next, path, depth });
      if (inner.outcome === 'end') return { list, outcome: 'end' };
      return { list: setIndex(list, index, inner.list, path), outcome: 'more' };
    }
    let inner: MutableMap = {};
    if (index < list.length) {
      const found = list[index];
      if (isMap(found)) inner = found;
      else list[index] = inner;
    }
    if (this.key(inner, path, depth) === 'end') return { list, outcome: 'end' };
    return { list: setIndex(list, index, inner, path), outcome: 'more' };
  }
}

/** `null` counts as a value that stands in the way; an absent key does not. */
function absent(map: MutableMap, key: string): null | undefined {
  return Object.hasOwn(map, key) ? null : undefined;
}

function set(map: MutableMap, key: string, value: unknown): void {
  if (key !== '') setKey(map, key, value);
}

function setIndex(
  list: unknown[],
  index: number,
  value: unknown,
  path: readonly string[],
): unknown[] {
  if (index > MAX_INDEX) {
    throw new SetError(`the index of ${name(path)} is over ${MAX_INDEX}, which is the most`);
  }
  while (list.length < index) list.push(null);
  list[index] = value;
  return list;
}

function clash(path: readonly string[], found: unknown, wanted: string): SetError {
  return new SetError(`${name(path)} is ${kindOf(found)} already, so it can not be ${wanted} too`);
}

function name(path: readonly string[]): string {
  return path.length === 0 ? 'a key without a name' : JSON.stringify(path.join('.'));
}
