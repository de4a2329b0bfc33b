import { parseQuantity } from '../../constructs/checks/quantity';
import { type ValuesMap, getKey, isMap } from '../values/values-map';
import { HiddenValue } from './meaning';

/** A key of a map, or the name of an item in a list. */
export type PathPart = string | { readonly item: string };

/** One thing that is another one now. */
export interface Change {
  readonly path: readonly PathPart[];
  /** `undefined` where it was not there, or is not any more. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields by which items of a list are told apart, the best first. */
const KEYS = [
  'name',
  'mountPath',
  'clientId',
  'secretKey',
  'alert',
  'record',
  'title',
  'key',
  'ip',
  'topologyKey',
  'host',
  'path',
  'containerPort',
  'port',
  'secretName',
];

/** Lists of words whose order has a meaning. */
const ORDERED = ['args', 'command', 'nameservers', 'searches'];

/** What differs between two values by meaning, deepest places first come in the order of `after`. */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly PathPart[] = [],
): readonly Change[] {
  if (isPlainMap(before) && isPlainMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      differences(getKey(before, key), getKey(after, key), [...path, key]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  return isSame(before, after, path) ? [] : [{ path, before, after }];
}

/** The field that tells the items of all these lists apart; `undefined` where none does. */
export function keyOf(...lists: readonly (readonly unknown[])[]): string | undefined {
  return KEYS.find((key) =>
    lists.every((list) => {
      const names = list.map((item) => (isPlainMap(item) ? getKey(item, key) : undefined));
      const isName = names.every((name) => typeof name === 'string' || typeof name === 'number');
      return isName && new Set(names).size === names.length;
    }),
  );
}

/** The items of a list by that field. */
export function byKey(list: readonly unknown[], key: string): ReadonlyMap<string, ValuesMap> {
  return new Map(list.map((item) => [String((item as ValuesMap)[key]), item as ValuesMap]));
}

function listDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly PathPart[],
): readonly Change[] {
  const key = keyOf(before, after);
  if (key !== undefined) {
    const [old, fresh] = [byKey(before, key), byKey(after, key)];
    const names = new Set([...old.keys(), ...fresh.keys()]);
    return [...names].flatMap((item) =>
      differences(old.get(item), fresh.get(item), [...path, { item }]),
    );
  }
  if ([...before, ...after].some(isPlainMap)) return unnamedDifferences(before, after, path);
  const isOrdered = ORDERED.includes(nameOf(path.at(-1)));
  const text = (list: readonly unknown[]) => {
    const words = list.map((word) => JSON.stringify(word));
    return (isOrdered ? words : words.sort()).join();
  };
  return text(before) === text(after) ? [] : [{ path, before, after }];
}

/** Items without a name: equal ones are set aside, and what is left is compared in its order. */
function unnamedDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly PathPart[],
): readonly Change[] {
  const rest = [...after];
  const gone = before.filter((item) => {
    const at = rest.findIndex((other) => differences(item, other, path).length === 0);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return Array.from({ length: Math.max(gone.length, rest.length) }, (_, index) =>
    differences(gone[index], rest[index], [...path, { item: String(index + 1) }]),
  ).flat();
}

function isSame(before: unknown, after: unknown, path: readonly PathPart[]): boolean {
  if (before instanceof HiddenValue && after instanceof HiddenValue) return before.equals(after);
  if (before === after) return true;
  if (isPlainMap(before) || isPlainMap(after) || before === undefined || after === undefined) {
    return false;
  }
  if (!isQuantity(path)) return false;
  const [old, fresh] = [before, after].map((it) =>
    typeof it === 'string' || typeof it === 'number' ? parseQuantity(String(it)) : undefined,
  );
  return old !== undefined && old === fresh;
}

function isQuantity(path: readonly PathPart[]): boolean {
  return (
    ['limits', 'requests', 'hard'].includes(nameOf(path.at(-2))) ||
    ['sizeLimit', 'averageValue', 'storage'].includes(nameOf(path.at(-1)))
  );
}

function nameOf(part: PathPart | undefined): string {
  return typeof part === 'string' ? part : (part?.item ?? '');
}

function isPlainMap(value: unknown): value is ValuesMap {
  return isMap(value) && !(value instanceof HiddenValue);
}
