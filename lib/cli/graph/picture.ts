import type { DeploymentModel } from '../deployment/deployment-model';
import type { Relation } from '../deployment/relations';
import { type Card, cardsOf } from './card';
import { type Layout, type Point, layered } from './layout/layered';
import { COLUMNS, FENCE, HUNG_GAP, INDENT, type Stack, type Stacks, stacksOf } from './stack';
import { widthOf } from './text-width';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PlacedCard = Box & { readonly card: Card };

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly sort: Relation['sort'];
  readonly label: string;
  readonly points: readonly Point[];
  /** Where it passes a fence of NetworkPolicies. */
  readonly gates: readonly Point[];
}

/** A deployment with a place for everything, in pixels. */
export interface Picture {
  readonly model: DeploymentModel;
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly lines: readonly Line[];
  /** Around pods whose connections NetworkPolicies limit. */
  readonly fences: readonly Box[];
  /** Around what is in the namespace. */
  readonly frame: Box;
  /** Above the columns of who calls and is called. */
  readonly headings: readonly (Point & { readonly text: string })[];
}

const MARGIN = 28;
/** For the title above, and the legend below. */
const [HEAD, FOOT] = [108, 64];
const [FRAME_TOP, FRAME_SIDE, FRAME_BOTTOM] = [48, 26, 26];
const LEAST_CHANNEL = 52;
const STRIP_GAP = 16;

/** Places everything of a deployment. The same model is placed the same. */
export function pictureOf(model: DeploymentModel): Picture {
  const cards = cardsOf(model);
  const stacks = stacksOf(model, cards);
  const used = usedColumns(stacks);
  const layout = layoutOf(stacks, used);
  const placed = layout.boxes.map((box) => ({ box, stack: stackAt(stacks, box.id) }));
  const inside = placed.filter(({ box }) => isInside(columnAt(stacks, box.id)));
  const left = Math.min(...inside.map(({ box }) => box.x)) - FRAME_SIDE;
  const right = Math.max(...inside.map(({ box }) => box.x + box.width)) + FRAME_SIDE;
  const strip = stripOf(stacks.others, stripArea(inside.map(({ box }) => box)));
  const bottom = Math.max(
    ...inside.map(({ box }) => box.y + box.height),
    ...strip.map(({ y, height }) => y + height),
  );
  const frame = {
    x: left,
    y: -FRAME_TOP,
    width: right - left,
    height: bottom + FRAME_TOP + FRAME_BOTTOM,
  };
  const all: Omit<Picture, 'width' | 'height'> = {
    model,
    cards: [...placed.flatMap(({ box, stack }) => stackCards(stack, box)), ...strip],
    lines: [
      ...placed.flatMap(({ box, stack }) => hungLines(stack, box)),
      ...trafficLines(layout, stacks),
    ],
    fences: placed.flatMap(({ box, stack }) => (stack.isFenced ? [mainBox(stack, box)] : [])),
    frame,
    headings: headingsOf(layout, stacks),
  };
  return moved(all, {
    x: MARGIN - Math.min(0, left),
    y: HEAD + FRAME_TOP,
    width: Math.max(layout.width, right) - Math.min(0, left) + 2 * MARGIN,
    height: HEAD + FRAME_TOP + Math.max(layout.height, bottom + FRAME_BOTTOM) + FOOT,
  });
}

/** Columns that hold something, each with its number among those. */
function usedColumns({ columns }: Stacks): ReadonlyMap<number, number> {
  const numbers = [...new Set([...columns.values()].map(({ column }) => column))];
  return new Map(numbers.sort((a, b) => a - b).map((column, index) => [column, index]));
}

function layoutOf({ columns, lines }: Stacks, used: ReadonlyMap<number, number>): Layout {
  const layerOf = (id: string) => used.get(columns.get(id)?.column ?? 0) ?? 0;
  const columnOf = new Map([...used].map(([column, layer]) => [layer, column]));
  const channel = (layer: number) => {
    const labels = lines
      .filter(({ to }) => layerOf(to) === layer + 1)
      .map(({ label }) => widthOf(label, 'mono') + 36);
    const [from, to] = [columnOf.get(layer) ?? 0, columnOf.get(layer + 1) ?? 0];
    const frame = isInside(from) === isInside(to) ? 0 : FRAME_SIDE;
    return Math.max(LEAST_CHANNEL, ...labels) + frame;
  };
  const widest = new Map<number, number>();
  for (const { stack, column } of columns.values()) {
    widest.set(column, Math.max(widest.get(column) ?? 0, stack.width));
  }
  const nodes = [...columns].map(([id, { stack, column }]) => {
    const fence = stack.isFenced ? FENCE : 0;
    return {
      id,
      layer: layerOf(id),
      width: widest.get(column) ?? stack.width,
      height: stack.height,
      ports: { top: stack.mainTop + fence, height: stack.main.height },
    };
  });
  return layered(nodes, lines, { gap: 22, channel });
}

function isInside(column: number): boolean {
  return column !== COLUMNS.caller && column !== COLUMNS.called;
}

function stackAt({ columns }: Stacks, id: string): Stack {
  const found = columns.get(id);
  if (found === undefined) throw new TypeError(`no stack ${id}`);
  return found.stack;
}

function columnAt({ columns }: Stacks, id: string): number {
  return columns.get(id)?.column ?? 0;
}

/** The main card of a stack, with its fence. */
function mainBox(stack: Stack, box: Box): Box {
  const fence = stack.isFenced ? FENCE : 0;
  const height = stack.main.height + 2 * fence;
  return { x: box.x, y: box.y + stack.mainTop, width: box.width, height };
}

function stackCards(stack: Stack, box: Box): PlacedCard[] {
  const main = mainBox(stack, box);
  const fence = stack.isFenced ? FENCE : 0;
  return [
    ...column(stack.above, box.y, box),
    {
      card: stack.main,
      x: main.x + fence,
      y: main.y + fence,
      width: main.width - 2 * fence,
      height: stack.main.height,
    },
    ...column(stack.below, main.y + main.height + 2 * HUNG_GAP, box),
  ];
}

function column(cards: readonly Card[], top: number, { x, width }: Box): PlacedCard[] {
  let y = top;
  return cards.map((card) => {
    const placed = { card, x: x + INDENT, y, width: width - INDENT, height: card.height };
    y += card.height + HUNG_GAP;
    return placed;
  });
}

/** From a main card down to what it reads, and from its rules down to it. */
function hungLines(stack: Stack, box: Box): Line[] {
  const main = mainBox(stack, box);
  const x = box.x + INDENT / 2;
  const middle = ({ y }: Box) => y + 24;
  const cards = stackCards(stack, box);
  const line = (from: string, to: string, sort: Relation['sort'], points: Point[]): Line => {
    return { from, to, sort, label: '', points, gates: [] };
  };
  const placed = (hung: readonly Card[]) =>
    cards.filter(({ card }) => hung.some(({ id }) => id === card.id));
  return [
    ...placed(stack.above).map((it) =>
      line(it.card.id, stack.main.id, 'governs', [
        { x: it.x, y: middle(it) },
        { x, y: middle(it) },
        { x, y: main.y },
      ]),
    ),
    ...placed(stack.below).map((it) =>
      line(stack.main.id, it.card.id, 'reads', [
        { x, y: main.y + main.height },
        { x, y: middle(it) },
        { x: it.x, y: middle(it) },
      ]),
    ),
  ];
}

/** The routes of the layout, led through the fences to the cards. */
function trafficLines(layout: Layout, stacks: Stacks): Line[] {
  return layout.routes.map(({ from, to, points }): Line => {
    const [first, last] = [points[0], points.at(-1)];
    const leaves = stackAt(stacks, from).isFenced && first !== undefined ? [first] : [];
    const enters = stackAt(stacks, to).isFenced && last !== undefined ? [last] : [];
    const relation = stacks.lines.find((line) => line.from === from && line.to === to);
    return {
      from,
      to,
      sort: 'traffic',
      label: relation?.label ?? '',
      points: [
        ...leaves.map(({ x, y }) => ({ x: x - FENCE, y })),
        ...points,
        ...enters.map(({ x, y }) => ({ x: x + FENCE, y })),
      ],
      gates: [...leaves, ...enters],
    };
  });
}

/** The free space below the columns that are left of the pods, where those have any; they are tallest. */
function stripArea(boxes: readonly Box[]): { x: number; y: number; width: number } {
  const x = Math.min(...boxes.map((box) => box.x));
  const last = Math.max(...boxes.map((box) => box.x));
  const before = boxes.filter((box) => box.x < last);
  const above = before.length === 0 ? boxes : before;
  const end = before.length === 0 ? Math.max(...boxes.map((box) => box.x + box.width)) : last;
  return {
    x,
    y: Math.max(...above.map((box) => box.y + box.height)) + 3 * STRIP_GAP,
    width: end - x - 2 * STRIP_GAP,
  };
}

/** What nothing connects, in rows. */
function stripOf(
  cards: readonly Card[],
  area: { readonly x: number; readonly y: number; readonly width: number },
): PlacedCard[] {
  let { x, y } = area;
  let rowHeight = 0;
  return cards.map((card) => {
    if (x > area.x && x + card.width > area.x + area.width) {
      x = area.x;
      y += rowHeight + STRIP_GAP;
      rowHeight = 0;
    }
    const placed = { card, x, y, width: Math.min(card.width, area.width), height: card.height };
    x += card.width + STRIP_GAP;
    rowHeight = Math.max(rowHeight, card.height);
    return placed;
  });
}

function headingsOf(layout: Layout, stacks: Stacks): Picture['headings'] {
  return [
    [COLUMNS.caller, 'who may call'] as const,
    [COLUMNS.called, 'what the pods call'] as const,
  ].flatMap(([column, text]) => {
    const boxes = layout.boxes.filter(({ id }) => columnAt(stacks, id) === column);
    const [first] = boxes;
    return first === undefined
      ? []
      : [{ text, x: first.x, y: Math.min(...boxes.map(({ y }) => y)) - 14 }];
  });
}

function moved(picture: Omit<Picture, 'width' | 'height'>, { x, y, width, height }: Box): Picture {
  const by = <P extends Point>(point: P): P => ({ ...point, x: point.x + x, y: point.y + y });
  return {
    model: picture.model,
    width,
    height,
    cards: picture.cards.map(by),
    lines: picture.lines.map((line) => ({
      ...line,
      points: line.points.map(by),
      gates: line.gates.map(by),
    })),
    fences: picture.fences.map(by),
    frame: by(picture.frame),
    headings: picture.headings.map(by),
  };
}
