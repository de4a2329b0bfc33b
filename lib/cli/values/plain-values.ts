import { type MutableMap, isMap, setKey } from './values-map';

/** Most values of one file, those that aliases stand for counted each time. */
export const MAX_VALUES = 500_000;

/** Deepest nesting of values. Nothing in Kubernetes comes near it. */
export const MAX_DEPTH = 100;

/** What can not be a value. The message completes "the file can not be read: ...". */
export class PlainValueError extends Error {}

/**
 * A copy in which no map or list is in two places, so that each can be changed on its own.
 *
 * @throws {PlainValueError} when there is too much of it, or something that JSON has no word for
 */
export function toPlainValues(value: unknown): unknown {
  let left = MAX_VALUES;
  const copy = (current: unknown, depth: number): unknown => {
    left -= 1;
    if (left < 0) throw new PlainValueError(`it stands for more than ${MAX_VALUES} values`);
    if (depth > MAX_DEPTH) throw new PlainValueError('it is nested too deeply');
    if (Array.isArray(current)) return current.map((item) => copy(item, depth + 1));
    if (isMap(current)) {
      const result: MutableMap = {};
      for (const [key, inner] of Object.entries(current))
        setKey(result, key, copy(inner, depth + 1));
      return result;
    }
    if (typeof current === 'number' && !Number.isFinite(current)) {
      throw new PlainValueError('it has a number without an end (.inf, .nan), which JSON has not');
    }
    return current;
  };
  return copy(value, 0);
}
