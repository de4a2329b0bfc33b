import { z } from 'zod';

import type { SubscriptionRow } from '../../rucio/schemas/subscriptions';
import { compactDate, compactNumber, compactText } from '../compact';
import { parseEmbedded } from '../composite/subscription-match';
import { defineTool } from '../define';
import { limitParam, offsetParam, trimmed } from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';

const COLUMNS = [
  'name',
  'account',
  'state',
  'priority',
  'filter',
  'rules',
  'expires_at',
  'last_processed',
] as const;

export const listSubscriptions = defineTool({
  name: 'rucio_list_subscriptions',
  input: z.strictObject({
    name: z.string().default(''),
    account: z.string().default('').describe('default: all'),
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const query = { name: trimmed(input.name), account: trimmed(input.account) };
    const rows = context.rucio.subscriptions.list(query, { signal: context.signal });
    const page = await pageOf(rows, toItem, input, context);
    const notes = page.count > 0 ? [] : ['no subscription matches'];
    return toTable(COLUMNS, page, ...notes);
  },
});

function toItem(row: SubscriptionRow): Item {
  return {
    sortKey: `${row.account} ${row.name}`,
    rows: [
      [
        compactText(row.name),
        compactText(row.account),
        compactText(row.state),
        compactNumber(row.policyid),
        filterText(row.filter),
        rulesText(row.replication_rules),
        compactDate(row.lifetime ?? row.expired_at),
        compactDate(row.last_processed),
      ],
    ],
  };
}

/** `project=data22,data23; scope=…`, without what is empty. */
function filterText(embedded: unknown): string | null {
  const filter = parseEmbedded(embedded);
  if (!isRecord(filter)) return null;
  const conditions = Object.entries(filter)
    .filter(([, value]) => !isEmpty(value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${wordOf(value)}`);
  return compactText(conditions.join('; '));
}

/** `1 at tier=2&type=DATADISK for 30 d`. */
function rulesText(embedded: unknown): string | null {
  const rules = parseEmbedded(embedded);
  if (!Array.isArray(rules)) return null;
  const texts = rules.filter(isRecord).map((rule) => {
    const { copies, rse_expression: expression, lifetime } = rule;
    const seconds = Number(lifetime ?? 0);
    const end = seconds > 0 ? ` for ${Math.round(seconds / 86_400)} d` : '';
    return `${wordOf(copies ?? 1)} at ${wordOf(expression)}${end}`;
  });
  return compactText(texts.join('; '));
}

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
