import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import type { SubscriptionRow } from '../../rucio/schemas/subscriptions';
import { escapeName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { Int } from '../params';
import { type Cell, tableShape, toTable } from '../results';
import { NotPermitted } from './fields';
import { Parts, firstRows } from './parts';
import { counted } from './sizes';
import { type Match, matchSubscription, parseEmbedded } from './subscription-match';

/** Most subscriptions that are looked at, and that are shown. */
const MAX_READ = 2000;
const MAX_SHOWN = 12;
const MAX_REASONS = 2;
const MAX_CELL = 120;
/** Subscriptions in other states are not looked at by Rucio. */
const WORKING = new Set(['ACTIVE', 'NEW', 'UPDATED']);

export const matchSubscriptions = defineTool({
  name: 'rucio_match_subscriptions',
  input: z.strictObject({
    did: z.string(),
    account: z.string().default('').describe('only subscriptions of this account'),
  }),
  output: z.object({
    did: z.string(),
    matches: Int,
    verdict: z.string(),
    ...tableShape,
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const { rucio, signal } = context;
    const account = input.account.trim() || undefined;
    const parts = new Parts();
    const [meta, subscriptions] = await Promise.all([
      withNearNames(rucio, did, signal, rucio.dids.meta(did, 'DID_COLUMN', { signal })),
      parts.needed(() => firstRows(rucio.subscriptions.list({ account }, { signal }), MAX_READ)),
    ]);
    const judged = subscriptions
      .map((row) => ({ row, match: matchSubscription(row, did, meta) }))
      .sort((a, b) => distance(a.match) - distance(b.match) || byName(a.row, b.row));
    const matching = judged.filter(({ row, match }) => distance(match) === 0 && isWorking(row));
    const isNew = meta['is_new'] === true;
    const table = toTable(
      ['subscription', 'account', 'state', 'matches', 'why_not', 'rules'],
      {
        items: judged.slice(0, MAX_SHOWN).map(({ row, match }) => ({
          sortKey: '',
          rows: [toRow(row, match)],
        })),
        offset: 0,
        count: judged.length,
        isWhole: true,
      },
      ...(judged.length > MAX_SHOWN ? ['those that come nearest are shown'] : []),
      ...(judged.length < MAX_READ
        ? []
        : [`only the first ${MAX_READ} were looked at: narrow with account`]),
    );
    return {
      did: escapeName(formatDid(did)),
      matches: matching.length,
      verdict: verdictOf(subscriptions.length, matching.length, isNew),
      ...table,
      next_offset: null,
      ...parts.notPermitted,
    };
  },
});

/** How many conditions fail; what can not be told comes last. */
function distance(match: Match): number {
  return match.isKnown ? match.mismatches.length : Infinity;
}

function byName(a: SubscriptionRow, b: SubscriptionRow): number {
  return `${a.account} ${a.name}` < `${b.account} ${b.name}` ? -1 : 1;
}

function isWorking({ state }: SubscriptionRow): boolean {
  return WORKING.has(state?.toUpperCase() ?? 'ACTIVE');
}

function toRow(row: SubscriptionRow, match: Match): Cell[] {
  return [
    escapeName(row.name),
    escapeName(row.account),
    compactText(row.state),
    match.isKnown ? match.mismatches.length === 0 : null,
    reasons(row, match),
    rulesOf(row),
  ];
}

function reasons(row: SubscriptionRow, match: Match): string | null {
  if (!match.isKnown) return match.why;
  const shown = match.mismatches
    .slice(0, MAX_REASONS)
    .map(({ key, wanted, is }) => `${key} is ${cell(is)}, wants ${cell(wanted)}`);
  const more = match.mismatches.length - shown.length;
  return (
    [
      ...(isWorking(row) ? [] : ['not active']),
      ...shown,
      ...(more > 0 ? [`${more} more`] : []),
    ].join('; ') || null
  );
}

function rulesOf({ replication_rules: embedded }: SubscriptionRow): string | null {
  const rules = parseEmbedded(embedded);
  if (!Array.isArray(rules)) return null;
  return rules
    .map((rule: unknown) => {
      if (typeof rule !== 'object' || rule === null) return '?';
      const { copies, rse_expression: expression } = rule as Record<string, unknown>;
      const count = typeof copies === 'number' || typeof copies === 'string' ? copies : '*';
      return `${count} at ${cell(typeof expression === 'string' ? expression : '?')}`;
    })
    .slice(0, MAX_REASONS)
    .join('; ');
}

function cell(text: string): string {
  return escapeName(text, MAX_CELL);
}

function verdictOf(all: number, matching: number, isNew: boolean): string {
  const found =
    matching === 0
      ? `None of ${counted(all, 'subscription')} will copy it.`
      : `${counted(matching, 'active subscription')} of ${all} match.`;
  return isNew
    ? `${found} Rucio has not looked at it yet.`
    : `${found} Rucio has looked at it already: it does so once, when a DID is new.`;
}
