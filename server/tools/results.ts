import { z } from 'zod';

import type { Did } from '../rucio/did';
import { escapeName } from '../rucio/untrusted-text';
import type { ToolContext } from './define';
import { Int, type PageRequest, clampPage } from './params';
import { estimateTokens } from './token-estimate';

/** Longest list that is read whole and sorted. */
export const MAX_READ = 10_000;
/** How many rows there are between two reports of progress. */
const PROGRESS_EVERY = 10_000;
/** Largest answer, in tokens: some hosts warn at 10,000 and refuse 25,000. */
export const MAX_ANSWER_TOKENS = 8000;
/** Largest page of a caller who names no `limit`, in tokens. */
export const DEFAULT_PAGE_TOKENS = 2200;
/** What the fields around the rows may take of it, and what {@link estimateTokens} may be off. */
const ENVELOPE_SHARE = 0.12;

export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.output<typeof Cell>;

const ENTRY_CUT = 'the entry has more rows than fit into one answer: narrow the request';
/** No truncation: the caller has asked for no certain number of rows. */
const PAGE_CUT = 'a short page, since no limit was given: go on at next_offset';
const LIST_CUT = 'cut to fit into one answer: go on at next_offset, or narrow the request';

/** How many tokens a page may have: few, unless the caller names a `limit`. */
export function pageTokensOf(args: unknown): number {
  const { limit } = (args ?? {}) as { readonly limit?: unknown };
  return limit === undefined || limit === null ? DEFAULT_PAGE_TOKENS : MAX_ANSWER_TOKENS;
}

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
  /** How many were read: all that there are, unless `hasMore`. */
  readonly count: number;
  readonly hasMore?: boolean;
  /** Whether the list was read to its end and is short enough to have been sorted. */
  readonly isWhole: boolean;
  /**
   * Most tokens of the answer.
   * @default {@link MAX_ANSWER_TOKENS}
   */
  readonly maxTokens?: number;
}

/** What a list needs of its call. */
export type PageContext = Partial<Pick<ToolContext, 'progress' | 'pageTokens'>>;

/**
 * Reads a list as far as the page needs, in constant memory. Up to {@link MAX_READ} items are read
 * whole and sorted, which makes pages stable. A longer list keeps Rucio's order: what lies before the
 * page is read and dropped, and Rucio is stopped behind it.
 */
export async function readPage(
  source: AsyncIterable<Item>,
  { limit, offset }: PageRequest,
  { progress, pageTokens: maxTokens = MAX_ANSWER_TOKENS }: PageContext = {},
): Promise<Page> {
  const end = offset + limit;
  const inServerOrder: Item[] = [];
  // Of a page that begins behind the bound nothing can come out sorted.
  const sorter = offset < MAX_READ ? new Smallest(end) : undefined;
  let count = 0;
  let hasMore = false;
  for await (const item of source) {
    if (count >= Math.max(end, MAX_READ)) {
      hasMore = true;
      break;
    }
    if (count >= offset && count < end) inServerOrder.push(item);
    if (count < MAX_READ) sorter?.add(item);
    count += 1;
    if (count % PROGRESS_EVERY === 0) progress?.({ done: count, message: `${count} entries read` });
  }
  const isWhole = !hasMore && count <= MAX_READ;
  const items = isWhole ? (sorter?.sorted().slice(offset, end) ?? []) : inServerOrder;
  return { items, offset, count, hasMore, isWhole, maxTokens };
}

/** The wanted page of a list of rows. */
export async function pageOf<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  toItem: (row: Row) => Item,
  request: PageRequest,
  context: PageContext,
): Promise<Page> {
  return readPage(itemsOf(rows, toItem), clampPage(request), context);
}

/** Keeps only what a sorted page can still need: many calls run at once. */
class Smallest {
  readonly #wanted: number;
  #items: Item[] = [];

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > 2 * this.#wanted + 1000) this.#items = this.sorted();
  }

  sorted(): Item[] {
    return this.#items.sort(bySortKey).slice(0, this.#wanted);
  }
}

/** The items of rows, in their order. */
export async function* itemsOf<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  toItem: (row: Row) => Item,
): AsyncGenerator<Item> {
  for await (const row of rows) yield toItem(row);
}

function bySortKey(a: Item, b: Item): number {
  if (a.sortKey === b.sortKey) return 0;
  return a.sortKey < b.sortKey ? -1 : 1;
}

/**
 * A page as columns and rows, never larger than its bound. A scope that all items share is written
 * once. The first item may take all of {@link MAX_ANSWER_TOKENS}: it could not be had otherwise.
 *
 * @param columns - names of the cells; a first column `did` is filled from the items' DIDs, and is called
 *   `name` where the scope is written once
 */
export function toTable(columns: readonly string[], page: Page, ...notes: string[]): Table {
  const { items, offset, count, hasMore = false, isWhole, maxTokens = MAX_ANSWER_TOKENS } = page;
  const scopes = new Set(items.map((item) => item.did?.scope));
  const scope = scopes.size === 1 ? items[0]?.did?.scope : undefined;
  const rows: Cell[][] = [];
  let room = roomIn(maxTokens);
  let kept = 0;
  let isItemCut = false;
  for (const item of items) {
    const itemRows = item.rows.map((cells) => [...didCell(item.did, scope), ...cells]);
    const fitting = fit(itemRows, kept === 0 ? roomIn(MAX_ANSWER_TOKENS) : room);
    if (fitting.rows.length < itemRows.length && kept > 0) break;
    isItemCut = fitting.rows.length < itemRows.length;
    rows.push(...fitting.rows);
    room -= fitting.tokens;
    kept += 1;
    if (isItemCut) break;
  }
  const end = offset + kept;
  const isCut = kept < items.length;
  const note = [
    ...notes,
    ...(isItemCut ? [ENTRY_CUT] : []),
    ...(isCut ? [maxTokens < MAX_ANSWER_TOKENS ? PAGE_CUT : LIST_CUT] : []),
    ...(isWhole || count < MAX_READ
      ? []
      : [`more than ${MAX_READ} entries, in no stable order: narrow the request`]),
  ].join('; ');
  return {
    ...(scope === undefined ? {} : { scope: escapeName(scope) }),
    columns: columns.map((column, index) =>
      index === 0 && column === 'did' && scope !== undefined ? 'name' : column,
    ),
    rows,
    total: hasMore ? `${Math.min(count, MAX_READ)}+` : count,
    next_offset: kept > 0 && (isCut || end < count || hasMore) ? end : null,
    ...(isWhole ? {} : { order: 'server' as const }),
    ...(note === '' ? {} : { note }),
  };
}

/** Why an answer leaves something out: it was cut to fit, or it is one page of several. */
export function truncationOf(
  answer: Readonly<Record<string, unknown>>,
): 'size' | 'page' | undefined {
  const { note, next_offset: next } = answer;
  const notes = typeof note === 'string' ? note.split('; ') : [];
  if (notes.includes(ENTRY_CUT) || notes.includes(LIST_CUT)) return 'size';
  return typeof next === 'number' ? 'page' : undefined;
}

function didCell(did: Did | undefined, scope: string | undefined): Cell[] {
  if (did === undefined) return [];
  return [escapeName(scope === undefined ? `${did.scope}:${did.name}` : did.name)];
}

/** What the rows of an answer may take. */
function roomIn(maxTokens: number): number {
  return Math.floor(maxTokens * (1 - ENVELOPE_SHARE));
}

function fit(rows: readonly Cell[][], room: number): { rows: Cell[][]; tokens: number } {
  let tokens = 0;
  const fitting: Cell[][] = [];
  for (const row of rows) {
    const size = estimateTokens(JSON.stringify(row));
    if (tokens + size > room) break;
    tokens += size;
    fitting.push(row);
  }
  return { rows: fitting, tokens };
}
