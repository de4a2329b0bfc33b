import { z } from 'zod';

import { Int } from '../params';
import { Cell } from '../results';

/** An exact count of bytes: a string of digits above 2^53, `unlimited` for infinity. */
export const Size = z.union([z.number(), z.string()]).nullable();

/** A short table inside an answer. */
export const SmallTable = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(Cell)),
  /** Only when there are more rows than are shown. */
  total: Int.optional(),
});
export type SmallTable = z.output<typeof SmallTable>;

export const NotPermitted = z.array(z.string()).optional();

/** The first `max` rows as a table. */
export function smallTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  max: number,
): SmallTable {
  return {
    columns: [...columns],
    rows: rows.slice(0, max).map((row) => [...row]),
    ...(rows.length > max ? { total: rows.length } : {}),
  };
}

/** A field that is left out when its table is empty. */
export function unlessEmpty<K extends string>(
  key: K,
  table: SmallTable,
): Partial<Record<K, SmallTable>> {
  return table.rows.length === 0 ? {} : ({ [key]: table } as Partial<Record<K, SmallTable>>);
}
