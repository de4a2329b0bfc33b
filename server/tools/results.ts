import { z } from 'zod';

import { AppError } from '../errors';
import type { Did } from '../rucio/did';
import { escapeName } from '../rucio/untrusted-text';
import { Int, type PageRequest } from './params';

/** Most rows of a list that are read for one answer. */
export const MAX_READ = 10_000;
/** Largest answer, in bytes of JSON: about 8,000 tokens. */
export const MAX_ANSWER_BYTES = 24_000;
/** What the fields around the rows may take of it. */
const ENVELOPE_BYTES = 3000;

export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.output<typeof Cell>;

/** The fields of every list's answer. */
export const tableShape = {
  scope: z.string().optional(),
  columns: z.array(z.string()),
  rows: z.array(z.array(Cell)),
  total: z.union([Int, z.string()]),
  next_offset: Int.nullable(),
  order: z.literal('server').optional(),
  note: z.string().optional(),
};
export type Table = z.output<z.ZodObject<typeof tableShape>>;

/** One thing in a list: one row of the answer, or several that belong together. */
export interface Item {
  readonly sortKey: string;
  /** Shown in the first column. All items of a list have one, or none has. */
  readonly did?: Did;
  readonly rows: readonly (readonly Cell[])[];
}

/** The wanted part of a list. */
export interface Page {
  readonly items: readonly Item[];
  readonly offset: number;
  /** Exact when `isWhole`, otherwise {@link MAX_READ}. */
  readonly count: number;
  /** Whether the list was read to its end, and is therefore sorted. */
  readonly isWhole: boolean;
}

/**
 * Reads a list as far as the page needs. Up to {@link MAX_READ} items are read whole and sorted, which
 * makes pages stable; a longer list is cut off there and keeps Rucio's order.
 *
 * @throws {AppError} TOO_BROAD when the page lies behind what is read of a longer list
 */
export async function readPage(source: AsyncIterable<Item>, request: PageRequest): Promise<Page> {
  const { limit, offset } = request;
  const end = offset + limit;
  const inServerOrder: Item[] = [];
  let smallest: Item[] = [];
  let count = 0;
  let isWhole = true;
  for await (const item of source) {
    if (count === MAX_READ) {
      isWhole = false;
      break;
    }
    count += 1;
    if (inServerOrder.length < end) inServerOrder.push(item);
    smallest.push(item);
    // Only what the page can still need is kept: many calls run at once.
    if (smallest.length > 2 * end + 1000) smallest = smallest.sort(bySortKey).slice(0, end);
  }
  if (!isWhole && offset >= MAX_READ) {
    throw new AppError('TOO_BROAD', {
      what: `The list has more than ${MAX_READ} entries; offset ${offset} lies behind what is read.`,
      next: 'narrow the request instead of paging through it',
    });
  }
  const items = (isWhole ? smallest.sort(bySortKey) : inServerOrder).slice(offset, end);
  return { items, offset, count, isWhole };
}

function bySortKey(a: Item, b: Item): number {
  if (a.sortKey === b.sortKey) return 0;
  return a.sortKey < b.sortKey ? -1 : 1;
}

/**
 * A page as columns and rows, never larger than {@link MAX_ANSWER_BYTES}. A scope that all items share
 * is written once.
 *
 * @param columns - names of the cells; a first column `did` is filled from the items' DIDs, and is called
 *   `name` where the scope is written once
 */
export function toTable(columns: readonly string[], page: Page, ...notes: string[]): Table {
  const { items, offset, count, isWhole } = page;
  const scopes = new Set(items.map((item) => item.did?.scope));
  const scope = scopes.size === 1 ? items[0]?.did?.scope : undefined;
  const rows: Cell[][] = [];
  let room = MAX_ANSWER_BYTES - ENVELOPE_BYTES;
  let kept = 0;
  let isItemCut = false;
  for (const item of items) {
    const itemRows = item.rows.map((cells) => [...didCell(item.did, scope), ...cells]);
    const fitting = fit(itemRows, room);
    if (fitting.rows.length < itemRows.length && kept > 0) break;
    isItemCut = fitting.rows.length < itemRows.length;
    rows.push(...fitting.rows);
    room -= fitting.bytes;
    kept += 1;
    if (isItemCut) break;
  }
  const end = offset + kept;
  const isCut = kept < items.length;
  const hasMore = isCut || end < count || !isWhole;
  const note = [
    ...notes,
    ...(isItemCut ? ['the entry has more rows than fit into one answer: narrow the request'] : []),
    ...(isCut ? ['cut to fit into one answer: go on at next_offset, or narrow the request'] : []),
    ...(isWhole ? [] : [`more than ${MAX_READ} entries, in no stable order: narrow the request`]),
  ].join('; ');
  return {
    ...(scope === undefined ? {} : { scope: escapeName(scope) }),
    columns: columns.map((column, index) =>
      index === 0 && column === 'did' && scope !== undefined ? 'name' : column,
    ),
    rows,
    total: isWhole ? count : `${MAX_READ}+`,
    next_offset: hasMore && kept > 0 && end < MAX_READ ? end : null,
    ...(isWhole ? {} : { order: 'server' as const }),
    ...(note === '' ? {} : { note }),
  };
}

function didCell(did: Did | undefined, scope: string | undefined): Cell[] {
  if (did === undefined) return [];
  return [escapeName(scope === undefined ? `${did.scope}:${did.name}` : did.name)];
}

function fit(rows: readonly Cell[][], room: number): { rows: Cell[][]; bytes: number } {
  let bytes = 0;
  const fitting: Cell[][] = [];
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + size > room) break;
    bytes += size;
    fitting.push(row);
  }
  return { rows: fitting, bytes };
}
