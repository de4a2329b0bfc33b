import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { COUNTED_ONLY, OAUTH_EVENTS, OAUTH_REASONS } from '../../lib/contract/oauth-events';

const START = '<!-- Written by "npm run generate" from lib/contract/oauth-events.ts. -->';
const END = '<!-- Up to here. -->';

/**
 * `docs/oauth.md` with the events as they are now; the rest of it is written by hand.
 *
 * @throws {Error} when the page has no place for them
 */
export async function oauthDocs(root: string): Promise<string> {
  const text = await readFile(join(root, 'docs/oauth.md'), 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start === -1 || end < start) throw new Error('docs/oauth.md has no place for the events');
  return `${text.slice(0, start + START.length)}\n\n${events()}\n\n${text.slice(end)}`;
}

function events(): string {
  const rows = Object.entries(OAUTH_EVENTS).map(([event, meaning]) => [
    `\`${event}\``,
    meaning,
    COUNTED_ONLY.some((it) => it === event) ? 'counted' : 'counted, audit line',
  ]);
  const reasons = OAUTH_REASONS.map((reason) => `\`${reason}\``).join(', ');
  return `${aligned([['event', 'what happened', 'where'], ...rows])}\n\nReasons: ${reasons}.`;
}

/** A table as Prettier lays it out. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line([], '-'), ...body.map((row) => line(row))].join('\n');
}
