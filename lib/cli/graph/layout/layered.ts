import { place } from './place';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box of known size. All lengths are in pixels. */
export interface LayoutNode {
  readonly id: string;
  /** Its column, from 0. */
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  /** The part of its sides where lines may end, from its top. */
  readonly ports: { readonly top: number; readonly height: number };
}

/** A line from a box to one of a later column. */
export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}

export interface PlacedBox {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line from the right side of a box to the left side of another; it runs from left to right. */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

export interface Layout {
  readonly boxes: readonly PlacedBox[];
  readonly routes: readonly Route[];
  readonly width: number;
  readonly height: number;
}

export interface LayoutOptions {
  /** Between boxes of a column. */
  readonly gap: number;
  /** Between a column and the next. */
  readonly channel: (layer: number) => number;
}

/** A box, or the lane of a line that passes through a column. */
interface Item {
  readonly key: string;
  readonly layer: number;
  readonly height: number;
  readonly portTop: number;
  readonly portHeight: number;
  y: number;
}

/** One piece of a line, between two columns that are neighbours. */
interface Piece {
  readonly from: Item;
  readonly to: Item;
}

/** A line passes through a column in this height. */
const LANE = 18;
const SWEEPS = 6;

/**
 * Places boxes in their columns so that lines are short and cross little, and lines so that they
 * pass no box: in a column where they end nowhere they have a lane of their own.
 *
 * @throws {TypeError} when a line does not lead to a later column, or ends at no box
 */
export function layered(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions,
): Layout {
  const items = new Map(nodes.map((node) => [node.id, toItem(node)]));
  const count = Math.max(0, ...nodes.map(({ layer }) => layer + 1));
  const layers = Array.from({ length: count }, (): Item[] => []);
  for (const item of items.values()) layers[item.layer]?.push(item);
  const chains = edges.map((edge) => chainOf(edge, items, layers));
  const pieces = chains.flatMap(piecesOf);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) order(layers, pieces, sweep % 2 === 0);
  arrange(layers, pieces, options.gap);
  return measured(nodes, items, chains, layers, options);
}

function toItem({ id, layer, height, ports }: LayoutNode): Item {
  return { key: id, layer, height, portTop: ports.top, portHeight: ports.height, y: 0 };
}

/** The items that a line meets, with a new lane in every column between its ends. */
function chainOf(
  { from, to }: LayoutEdge,
  items: ReadonlyMap<string, Item>,
  layers: readonly Item[][],
): readonly Item[] {
  const [first, last] = [items.get(from), items.get(to)];
  if (first === undefined || last === undefined || first.layer >= last.layer) {
    throw new TypeError(`a line from ${from} to ${to} can not be drawn`);
  }
  const lanes = layers.slice(first.layer + 1, last.layer).map((column, index): Item => {
    const layer = first.layer + 1 + index;
    const key = `${from} ${to} ${layer}`;
    const lane = { key, layer, height: LANE, portTop: LANE / 2, portHeight: 0, y: 0 };
    column.push(lane);
    return lane;
  });
  return [first, ...lanes, last];
}

function piecesOf(chain: readonly Item[]): Piece[] {
  return chain.slice(1).map((to, index) => ({ from: chain[index] ?? to, to }));
}

/** Sorts each column by the middle of what its items are joined to in the column before or after. */
function order(layers: Item[][], pieces: readonly Piece[], isForward: boolean): void {
  for (const column of isForward ? layers : [...layers].reverse()) {
    const ranks = new Map(
      layers.flatMap((items) => items.map((item, rank) => [item, rank] as const)),
    );
    const middle = (item: Item) => {
      const joined = pieces
        .filter((piece) => (isForward ? piece.to : piece.from) === item)
        .map((piece) => ranks.get(isForward ? piece.from : piece.to) ?? 0);
      return joined.length === 0 ? (ranks.get(item) ?? 0) : mean(joined);
    };
    const middles = new Map(column.map((item) => [item, middle(item)]));
    // Sorting is stable: what is equal stays as it was given.
    column.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
  }
}

/** Moves the items of every column towards what they are joined to. */
function arrange(layers: readonly Item[][], pieces: readonly Piece[], gap: number): void {
  for (const column of layers) stack(column, gap);
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep += 1) {
    for (const column of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const wanted = column.map((item) => wish(item, pieces));
      const tops = place(
        wanted,
        column.map(({ height }) => height),
        gap,
      );
      column.forEach((item, index) => (item.y = tops[index] ?? 0));
    }
  }
  const all = layers.flat();
  const top = all.reduce((least, { y }) => Math.min(least, y), Infinity);
  for (const item of all) item.y = Math.round(item.y - top);
}

function stack(column: readonly Item[], gap: number): void {
  let y = 0;
  for (const item of column) {
    item.y = y;
    y += item.height + gap;
  }
}

/** The top at which the lines of an item would be straight. */
function wish(item: Item, pieces: readonly Piece[]): number {
  const joined = pieces.flatMap(({ from, to }) => {
    if (from === item) return [middleOf(to)];
    return to === item ? [middleOf(from)] : [];
  });
  return joined.length === 0 ? item.y : mean(joined) - (middleOf(item) - item.y);
}

function middleOf({ y, portTop, portHeight }: Item): number {
  return y + portTop + portHeight / 2;
}

function measured(
  nodes: readonly LayoutNode[],
  items: ReadonlyMap<string, Item>,
  chains: readonly (readonly Item[])[],
  layers: readonly Item[][],
  { channel }: LayoutOptions,
): Layout {
  const widths = layers.map((_, layer) =>
    Math.max(0, ...nodes.filter((node) => node.layer === layer).map(({ width }) => width)),
  );
  const lefts: number[] = [];
  let x = 0;
  widths.forEach((width, layer) => {
    lefts.push(x);
    x += width + (layer + 1 < widths.length ? channel(layer) : 0);
  });
  const leftOf = ({ layer }: { readonly layer: number }) => lefts[layer] ?? 0;
  const boxes = nodes.map((node): PlacedBox => {
    const { id, width, height } = node;
    return { id, x: leftOf(node), y: items.get(id)?.y ?? 0, width, height };
  });
  const rightOf = new Map(boxes.map((box) => [box.id, box.x + box.width]));
  const pieces = chains.flatMap(piecesOf);
  const routes = chains.map((chain): Route => {
    const [first, last] = [chain[0], chain.at(-1)];
    const points = piecesOf(chain).flatMap((piece): Point[] => {
      const { from, to } = piece;
      const right = rightOf.get(from.key) ?? leftOf(from) + (widths[from.layer] ?? 0);
      const [start, end] = [portOf(piece, from, pieces), portOf(piece, to, pieces)];
      const edge = leftOf(from) + (widths[from.layer] ?? 0);
      return [
        { x: right, y: start },
        // Beside a narrow box there may be a wide one above or below.
        ...(right < edge ? [{ x: edge, y: start }] : []),
        { x: leftOf(to), y: end },
      ];
    });
    return { from: first?.key ?? '', to: last?.key ?? '', points };
  });
  const height = Math.max(0, ...layers.flat().map((item) => item.y + item.height));
  return { boxes, routes, width: x, height };
}

/** The place of one line at the side of an item: lines are spread in the order of their other ends. */
function portOf(piece: Piece, item: Item, pieces: readonly Piece[]): number {
  const isSource = piece.from === item;
  const others = pieces
    .filter((other) => (isSource ? other.from : other.to) === item)
    .map((other) => ({ other, y: middleOf(isSource ? other.to : other.from) }))
    .sort((a, b) => a.y - b.y);
  const chosen = others.findIndex(({ other }) => isSame(other, piece));
  const step = item.portHeight / (others.length + 1);
  return Math.round(item.y + item.portTop + step * (chosen + 1));
}

function isSame(a: Piece, b: Piece): boolean {
  return a.from === b.from && a.to === b.to;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
