import type { DeploymentModel, DeploymentObject } from '../deployment/deployment-model';
import type { DeploymentPeer } from '../deployment/peers';
import { fitted, widthOf } from './text-width';

/** What a card is about: its colour. */
export type Tone = 'outside' | 'way' | 'pods' | 'data' | 'secret' | 'rule';

/** An object or a peer as it is drawn. */
export interface Card {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** The lines below, as they fit. */
  readonly lines: readonly string[];
  /** Everything there is to tell, whether it fits or not. */
  readonly facts: readonly string[];
  readonly tone: Tone;
  readonly isProvided: boolean;
  readonly width: number;
  readonly height: number;
}

export const PADDING = 12;
/** What stands left of the texts. */
export const ICON = 26;
const [LEAST_WIDTH, MOST_WIDTH] = [150, 324];
const LINE_HEIGHT = 16;
const HEAD_HEIGHT = 48;
const MOST_LINES = 9;

const TONES: Readonly<Record<string, Tone>> = {
  Ingress: 'way',
  HTTPRoute: 'way',
  Service: 'way',
  ServiceMonitor: 'way',
  PodMonitor: 'way',
  Deployment: 'pods',
  Job: 'pods',
  Secret: 'secret',
  ExternalSecret: 'secret',
  Certificate: 'secret',
  NetworkPolicy: 'rule',
  PodDisruptionBudget: 'rule',
  HorizontalPodAutoscaler: 'rule',
};

/** A card for every object and peer of a deployment. */
export function cardsOf(model: DeploymentModel): ReadonlyMap<string, Card> {
  const cards = [
    ...model.objects.map((object) => objectCard(object, model)),
    ...model.peers.map(peerCard),
  ];
  return new Map(cards.map((card) => [card.id, card]));
}

function objectCard(object: DeploymentObject, { relations }: DeploymentModel): Card {
  const { id, kind, name, namespace, isProvided, facts } = object;
  const fills = relations.filter(({ sort }) => sort === 'fills');
  const all = [
    ...(namespace === null ? [] : [`in namespace ${namespace}`]),
    ...facts,
    ...fills
      .filter(({ to }) => to === id)
      .map(({ from }) => `filled by ${from.split('/')[0] ?? ''}`),
    ...fills.filter(({ from }) => from === id).map(({ to }) => `fills ${to.replace('/', ' ')}`),
  ];
  return card({ id, kind, name, facts: all, isProvided, tone: TONES[kind] ?? 'data' });
}

function peerCard({ id, side, name, site, facts }: DeploymentPeer): Card {
  const kind = side === 'caller' ? 'caller' : site === null ? 'service' : 'Rucio and its login';
  return card({ id, kind, name: site ?? name, facts, isProvided: false, tone: 'outside' });
}

function card(content: Omit<Card, 'lines' | 'width' | 'height'>): Card {
  const { kind, name, facts } = content;
  const around = 2 * PADDING + ICON;
  const wanted = Math.max(
    widthOf(kind, 'small'),
    widthOf(name, 'title'),
    ...facts.map((fact) => widthOf(fact, 'mono')),
  );
  const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, wanted + around));
  const all = facts.flatMap((fact) => wrapped(fact, width - around));
  const lines =
    all.length > MOST_LINES
      ? [...all.slice(0, MOST_LINES - 1), `and ${all.length - MOST_LINES + 1} more lines`]
      : all;
  return {
    ...content,
    name: fitted(name, 'title', width - around),
    lines,
    width,
    height: HEAD_HEIGHT + lines.length * LINE_HEIGHT + (lines.length > 0 ? 6 : 0),
  };
}

/** A fact in lines that fit, broken at spaces; what goes on is indented. */
function wrapped(fact: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of fact.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined) lines.push(word);
    else if (widthOf(longer, 'mono') <= width) lines[lines.length - 1] = longer;
    else lines.push(`\u00A0\u00A0${word}`);
  }
  return lines.map((line) => fitted(line, 'mono', width));
}

/** Where the lines of a card stand, from its top. */
export function baselines(card: Card): { kind: number; name: number; lines: readonly number[] } {
  return {
    kind: 19,
    name: 37,
    lines: card.lines.map((_, index) => HEAD_HEIGHT + 9 + index * LINE_HEIGHT),
  };
}
