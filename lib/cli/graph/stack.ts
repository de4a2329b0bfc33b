import type { DeploymentModel } from '../deployment/deployment-model';
import type { Relation } from '../deployment/relations';
import type { Card } from './card';

/** A card with those that are about it alone: rules above, what it reads below. */
export interface Stack {
  readonly main: Card;
  readonly above: readonly Card[];
  readonly below: readonly Card[];
  /** Whether a fence of NetworkPolicies is drawn around the main card. */
  readonly isFenced: boolean;
  readonly width: number;
  readonly height: number;
  /** The top of the main card in the stack, with the fence. */
  readonly mainTop: number;
}

/** How far cards below and above are indented, and apart. */
export const INDENT = 22;
export const HUNG_GAP = 10;
export const FENCE = 14;

/** Columns of a picture, from left to right. */
export const COLUMNS = { caller: 0, way: 1, service: 2, pods: 3, called: 4 } as const;

/** The cards of a deployment, in stacks that stand in columns, and those that nothing connects. */
export interface Stacks {
  readonly columns: ReadonlyMap<string, { readonly stack: Stack; readonly column: number }>;
  readonly lines: readonly Relation[];
  readonly others: readonly Card[];
}

/**
 * Where each card belongs: on the way of a connection, at the object that it is about, or beside.
 * A line that would lead back is not drawn; such can come of objects that an operator adds.
 */
export function stacksOf(model: DeploymentModel, cards: ReadonlyMap<string, Card>): Stacks {
  const column = columnsOf(model);
  const traffic = model.relations.filter(({ sort }) => sort === 'traffic');
  const lines = traffic.filter(({ from, to }) => (column.get(from) ?? 9) < (column.get(to) ?? 0));
  const mains = new Set(lines.flatMap(({ from, to }) => [from, to]));
  for (const peer of model.peers) mains.add(peer.id);
  const hung = hangs(model, mains);
  const cardsAt = (sort: Relation['sort'], main: string) =>
    [...hung]
      .filter(([, at]) => at.main === main && at.sort === sort)
      .flatMap(([id]) => cards.get(id) ?? []);
  const columns = new Map(
    [...mains].flatMap((id) => {
      const main = cards.get(id);
      if (main === undefined) return [];
      const rules = cardsAt('governs', id);
      const isFenced = rules.some(({ kind }) => kind === 'NetworkPolicy');
      const stack = stackOf({ main, above: rules, below: cardsAt('reads', id), isFenced });
      return [[id, { stack, column: column.get(id) ?? 0 }] as const];
    }),
  );
  const others = [...cards.values()].filter(({ id }) => !mains.has(id) && !hung.has(id));
  return { columns, lines, others };
}

/** Each object that is about one of the main ones, at the first that it is about. */
function hangs(
  { relations }: DeploymentModel,
  mains: ReadonlySet<string>,
): ReadonlyMap<string, { readonly main: string; readonly sort: Relation['sort'] }> {
  const found = new Map<string, { main: string; sort: Relation['sort'] }>();
  for (const { from, to, sort } of relations) {
    const [id, main] = sort === 'governs' ? [from, to] : [to, from];
    if (sort !== 'governs' && sort !== 'reads') continue;
    if (mains.has(main) && !mains.has(id) && !found.has(id)) found.set(id, { main, sort });
  }
  return found;
}

function columnsOf({ objects, peers, relations }: DeploymentModel): ReadonlyMap<string, number> {
  const leads = new Set(relations.filter(({ sort }) => sort === 'traffic').map(({ from }) => from));
  const ofKind = (kind: string, id: string) => {
    if (kind === 'Service') return COLUMNS.service;
    if (kind === 'Job' && leads.has(id)) return COLUMNS.way;
    return ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind)
      ? COLUMNS.pods
      : COLUMNS.way;
  };
  return new Map<string, number>([
    ...objects.map(({ id, kind }) => [id, ofKind(kind, id)] as const),
    ...peers.map(({ id, side }) => [id, COLUMNS[side]] as const),
  ]);
}

function stackOf(parts: Pick<Stack, 'main' | 'above' | 'below' | 'isFenced'>): Stack {
  const { main, above, below, isFenced } = parts;
  const fence = isFenced ? FENCE : 0;
  const hungHeight = (cards: readonly Card[]) =>
    cards.reduce((sum, { height }) => sum + height + HUNG_GAP, 0);
  const mainTop = above.length === 0 ? 0 : hungHeight(above) + HUNG_GAP;
  const mainHeight = main.height + 2 * fence;
  const belowHeight = below.length === 0 ? 0 : hungHeight(below) + HUNG_GAP;
  return {
    ...parts,
    mainTop,
    width: Math.max(main.width + 2 * fence, ...[...above, ...below].map((it) => it.width + INDENT)),
    height: mainTop + mainHeight + belowHeight,
  };
}
