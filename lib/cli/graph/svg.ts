import { type DeploymentModel, isolationText } from '../deployment/deployment-model';
import { type Card, ICON, PADDING, baselines } from './card';
import { iconOf } from './icons';
import type { Point } from './layout/layered';
import { escaped } from './markup';
import { type Line, type Picture, type PlacedCard, pictureOf } from './picture';
import { DRAWING, colours } from './style';
import { widthOf } from './text-width';

export interface DrawingOptions {
  /** What a card leads to, where it leads anywhere. */
  readonly hrefOf?: (id: string) => string;
  /** How much is left out at the top, in pixels: a page has a headline of its own. */
  readonly skip?: number;
}

/** The height of title and subtitle. */
const HEADLINE = 88;

/**
 * A deployment as a drawing that needs nothing else: no script, no font, no address. It follows the
 * reader's choice of light and dark.
 */
export function svg(model: DeploymentModel): string {
  const drawing = drawingOf(pictureOf(model), { role: 'img' });
  return drawing.replace('<title', `<style>\n${colours('.drawing')}\n${DRAWING}\n</style>\n<title`);
}

/** The same as part of a page, which has the styles. */
export function inlineSvg(picture: Picture, options: DrawingOptions): string {
  return drawingOf(picture, { ...options, role: 'group', skip: HEADLINE });
}

/** The class of what belongs to one object or peer of a model. */
export function partClass({ objects, peers }: DeploymentModel, id: string): string {
  return `n${[...objects, ...peers].findIndex((part) => part.id === id)}`;
}

function drawingOf(
  picture: Picture,
  { role, hrefOf, skip = 0 }: DrawingOptions & { readonly role: string },
): string {
  const { model, width, height, frame, fences, headings } = picture;
  const { title, namespace } = model;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawing" viewBox="0 ${skip} ${width} ${height - skip}" width="${width}" height="${height - skip}" role="${role}" aria-labelledby="drawing-title drawing-told">`,
    `<title id="drawing-title">${escaped(title)} in namespace ${escaped(namespace)}</title>`,
    `<desc id="drawing-told">${escaped(summaryOf(model))}</desc>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="heading" x="28" y="48">${escaped(title)}</text>`,
    `<text class="told" x="28" y="72">${escaped(isolationText(model))}</text>`,
    `<rect class="frame" x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" rx="14"/>`,
    `<text class="label" x="${frame.x + 18}" y="${frame.y + 25}">namespace ${escaped(namespace)}</text>`,
    ...headings.map(({ x, y, text }) => `<text class="label" x="${x}" y="${y}">${text}</text>`),
    ...fences.map(
      (it) =>
        `<rect class="fence" x="${it.x}" y="${it.y}" width="${it.width}" height="${it.height}" rx="14"/>`,
    ),
    ...picture.lines.map((line) => lineOf(line, picture)),
    ...picture.cards.map((card) => cardOf(card, model, hrefOf)),
    ...picture.lines.flatMap((line) => lineEnds(line, picture)),
    ...legend(picture),
    '</svg>',
  ].join('\n')}\n`;
}

/** What a reader who can not see the drawing is told of it. */
function summaryOf(model: DeploymentModel): string {
  const names = new Map([
    ...model.objects.map(({ id, kind, name }) => [id, `${kind} ${name}`] as const),
    ...model.peers.map(({ id, name }) => [id, name] as const),
  ]);
  const connections = model.relations
    .filter(({ sort }) => sort === 'traffic')
    .map(({ from, to, label }) => {
      const by = label === '' ? '' : ` by ${label}`;
      return `${names.get(from) ?? from} to ${names.get(to) ?? to}${by}`;
    });
  return `${isolationText(model)} Connections: ${connections.join('; ')}.`;
}

function cardOf(
  { card, x, y, width, height }: PlacedCard,
  model: DeploymentModel,
  hrefOf: DrawingOptions['hrefOf'],
): string {
  const at = baselines(card);
  const left = x + PADDING + ICON;
  const whole = [`${card.kind} ${nameOf(card.id, model)}`, ...card.facts].join('\n');
  const classes = `part ${partClass(model, card.id)} ${card.tone}${card.isProvided ? ' provided' : ''}`;
  const body = [
    `<g class="${classes}">`,
    `<title>${escaped(whole)}</title>`,
    ...pods(card, { x, y, width, height }),
    `<rect class="card" x="${x}" y="${y}" width="${width}" height="${height}" rx="9"/>`,
    `<path class="icon" transform="translate(${x + PADDING} ${y + PADDING})" d="${iconOf(card)}"/>`,
    `<text class="kind" x="${left}" y="${y + at.kind}">${escaped(card.kind)}</text>`,
    `<text class="name" x="${left}" y="${y + at.name}">${escaped(card.name)}</text>`,
    ...card.lines.map(
      (line, index) =>
        `<text class="fact" x="${left}" y="${y + (at.lines[index] ?? 0)}">${escaped(line)}</text>`,
    ),
    '</g>',
  ].join('');
  return hrefOf === undefined ? body : `<a href="${escaped(hrefOf(card.id))}">${body}</a>`;
}

/** Several pods look like several cards. */
function pods(card: Card, box: Omit<PlacedCard, 'card'>): string[] {
  const count = Number(/^(\d+) pods?$/.exec(card.facts[0] ?? '')?.[1] ?? 1);
  const { x, y, width, height } = box;
  return Array.from({ length: Math.min(count, 3) - 1 }, (_, index) => {
    const by = 4 * (Math.min(count, 3) - 1 - index);
    return `<rect class="card" x="${x + by}" y="${y - by}" width="${width - by}" height="${height}" rx="9"/>`;
  });
}

function nameOf(id: string, { objects, peers }: DeploymentModel): string {
  return [...objects, ...peers].find((part) => part.id === id)?.name ?? id;
}

function lineOf(line: Line, { model }: Picture): string {
  const ends = `${partClass(model, line.from)} ${partClass(model, line.to)}`;
  return `<path class="line ${line.sort} ${ends}" d="${pathOf(line)}"/>`;
}

/** Straight where a line stays level or upright, else a curve that leaves and arrives level. */
function pathOf({ points, sort }: Line): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let before: Point = first;
  const steps = rest.map((point) => {
    const { x, y } = before;
    before = point;
    if (sort !== 'traffic' || y === point.y) return `L${point.x} ${point.y}`;
    const middle = (x + point.x) / 2;
    return `C${middle} ${y} ${middle} ${point.y} ${point.x} ${point.y}`;
  });
  return `M${first.x} ${first.y}${steps.join('')}`;
}

/** Its arrow, its gates and its label, above the cards. */
function lineEnds(line: Line, { model, frame }: Picture): string[] {
  const [last, before] = [line.points.at(-1), line.points.at(-2)];
  if (last === undefined || before === undefined) return [];
  const ends = `${partClass(model, line.from)} ${partClass(model, line.to)}`;
  const arrow = last.x === before.x ? tip(last, 0, 1) : tip(last, 1, 0);
  const gates = line.gates.map(
    ({ x, y }) => `<circle class="gate line ${ends}" cx="${x}" cy="${y}" r="4.5"/>`,
  );
  const end = line.gates.find(({ x }) => x < last.x && x > last.x - 20) ?? last;
  const x = end.x - 12;
  // On the side that the line does not come from.
  const y = (line.points[0]?.y ?? 0) < end.y - 8 ? end.y + 15 : end.y - 7;
  const isIn = x > frame.x && x < frame.x + frame.width;
  const label =
    line.label === ''
      ? []
      : [
          `<text class="port${isIn ? ' in' : ''} ${ends}" text-anchor="end" x="${x}" y="${y}">${escaped(line.label)}</text>`,
        ];
  return [`<path class="tip line ${line.sort} ${ends}" d="${arrow}"/>`, ...gates, ...label];
}

function tip({ x, y }: Point, dx: number, dy: number): string {
  const [length, half] = [8, 4];
  const [bx, by] = [x - dx * length, y - dy * length];
  return `M${x} ${y}L${bx - dy * half} ${by - dx * half}L${bx + dy * half} ${by + dx * half}Z`;
}

function legend({ model, height }: Picture): string[] {
  const y = height - 30;
  const entries = [
    ['<path class="line traffic" d="M0 0h26"/>', 'connection, with the port of the one called'],
    ['<path class="line" d="M0 0h26"/>', 'reads'],
    ['<path class="line governs" d="M0 0h26"/>', 'rule about pods'],
    ...(model.isIsolated
      ? [
          [
            '<path class="fence" d="M0 0h26"/><circle class="gate" cx="13" r="4.5"/>',
            'NetworkPolicy, open for that port',
          ],
        ]
      : []),
    [
      '<g class="provided"><rect class="card" y="-8" width="26" height="16" rx="4"/></g>',
      'provided, not made here',
    ],
  ] as const;
  let x = 28;
  return entries.map(([sign = '', text = '']) => {
    const entry = `<g class="legend" transform="translate(${x} ${y})">${sign}<text class="told" x="36" y="4">${text}</text></g>`;
    x += 36 + Math.ceil(widthOf(text, 'title') * 0.98) + 26;
    return entry;
  });
}
