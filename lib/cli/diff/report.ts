import { styleText } from 'node:util';

import type { Release } from '../../contract/release';
import { visibleLine } from '../../contract/visible-text';
import type { Consequence } from './consequences/consequence';
import type { Outlook, Verdict } from './consequences/consequences';
import type { Change } from './differences';
import { type FoldedChange, type ObjectChange, type StateDiff, isEmpty } from './state-diff';
import { lineChanges, pathText, pathWords, valueWords } from './words';

/** Most changes of one object that are written out for a reader. */
const MAX_CHANGES = 25;

/** What there is to tell of one deployment. */
export interface Report {
  readonly release: Release;
  /** The folder of an environment; `''` for the only deployment. */
  readonly environment: string;
  /** What it was compared with. */
  readonly against: string;
  readonly diff: StateDiff;
  readonly outlook: Outlook;
}

/** All reports for programs; what a Secret holds is not in it. */
export function reportJson(reports: readonly Report[]): string {
  const deployments = reports.map(({ release, environment, against, diff, outlook }) => ({
    ...release,
    environment: environment === '' ? null : environment,
    against,
    isDifferent: !isEmpty(diff),
    ...outlook,
    server: diff.server,
    relabelled: diff.relabelled,
    objects: diff.objects.map(({ action, apiVersion, kind, namespace, name, changes }) => ({
      ...{ action, apiVersion, kind, namespace, name },
      changes: changes.map(({ path, before, after }) => ({
        path: pathText(path),
        words: pathWords(path),
        before: before ?? null,
        after: after ?? null,
      })),
    })),
  }));
  return `${JSON.stringify({ deployments }, undefined, 2)}\n`;
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
/** What comes from a cluster can not act on the terminal. */
type Paint = (style: Style, text: string) => string;

/** All reports for a reader. */
export function reportText(
  reports: readonly Report[],
  { isColoured }: { readonly isColoured: boolean },
): string {
  const paint: Paint = (style, text) =>
    isColoured ? styleText(style, visibleLine(text), { validateStream: false }) : visibleLine(text);
  return reports.map((report) => oneText(report, paint)).join('\n');
}

function oneText({ release, environment, against, diff, outlook }: Report, paint: Paint): string {
  const where = environment === '' ? '' : `${environment}: `;
  const title = `${where}${release.name} in namespace ${release.namespace}, against ${against}`;
  const lines = [
    paint('bold', title),
    '',
    ...(isEmpty(diff) ? ['No differences.'] : differenceLines(diff, paint)),
    ...(isEmpty(diff) ? [] : ['', verdictLine(outlook.verdict, paint)]),
    ...consequenceLines(outlook.consequences, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function differenceLines({ objects, server, relabelled }: StateDiff, paint: Paint): string[] {
  const folded = (change: FoldedChange, name: string, objectsOf: string) =>
    paint('yellow', `~ ${name}${change.before ?? 'none'} → ${change.after ?? 'none'}${objectsOf}`);
  const count = relabelled?.objects.length ?? 0;
  return [
    ...(server === null ? [] : [folded(server, '', '')]),
    ...objects.flatMap((object) => objectLines(object, paint)),
    ...(relabelled === null
      ? []
      : [folded(relabelled, 'version label ', ` on ${count} object${count === 1 ? '' : 's'}`)]),
  ];
}

const SIGNS = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  changed: ['~', 'yellow'],
} as const;

function objectLines(object: ObjectChange, paint: Paint): string[] {
  const [sign, style] = SIGNS[object.action];
  const shown = object.changes.slice(0, MAX_CHANGES);
  const rest = object.changes.length - shown.length;
  return [
    paint(style, `${sign} ${object.kind} ${object.namespace}/${object.name}`),
    ...shown.flatMap((change) => changeLines(change, paint)),
    ...(rest === 0 ? [] : [paint('dim', `    and ${rest} more; --output json has all`)]),
  ];
}

function changeLines(change: Change, paint: Paint): string[] {
  const { before, after } = change;
  const words = pathWords(change.path);
  if (before === undefined) return [paint('green', `    + ${words}: ${valueWords(after)}`)];
  if (after === undefined) return [paint('red', `    - ${words}: ${valueWords(before)}`)];
  const lines = lineChanges(change);
  if (lines === undefined) {
    return [paint('yellow', `    ~ ${words}: ${valueWords(before)} → ${valueWords(after)}`)];
  }
  return [
    paint('yellow', `    ~ ${words}:`),
    ...lines.map((line) => paint(line.startsWith('+') ? 'green' : 'red', `        ${line}`)),
  ];
}

const PODS: Readonly<Record<Verdict['pods'], string>> = {
  start: 'are started',
  roll: 'are replaced',
  stay: 'stay',
  stop: 'are no longer there',
  none: 'none',
};

function verdictLine({ pods, logins, downtime, actions }: Verdict, paint: Paint): string {
  const isBad = logins === 'lost' || downtime === 'yes';
  const parts = [
    `pods: ${PODS[pods]}`,
    ...(logins === 'none' ? [] : [`logins: ${logins}`]),
    `downtime: ${downtime}`,
    ...(actions === 0 ? [] : [`to do before the apply: ${actions}`]),
  ];
  return paint(isBad || actions > 0 ? 'red' : 'bold', parts.join(' | '));
}

const WORDS = {
  error: ['FIRST', 'red'],
  warning: ['NOTE', 'yellow'],
  info: ['info', 'dim'],
} as const;

function consequenceLines(consequences: readonly Consequence[], paint: Paint): string[] {
  return consequences.flatMap(({ severity, topic, message, remedy }) => {
    const [word, style] = WORDS[severity];
    return [
      `${paint(style, word.padEnd(5))} ${topic}: ${visibleLine(message)}`,
      ...(remedy === null ? [] : [paint('dim', `      → ${remedy}`)]),
    ];
  });
}
