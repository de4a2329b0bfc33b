import { z } from 'zod';

import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import { SmallTable, unlessEmpty } from '../composite/fields';
import { defineTool } from '../define';
import {
  Int,
  type PageRequest,
  accountOf,
  accountParam,
  limitParam,
  offsetParam,
  trimmed,
} from '../params';
import { type Item, pageOf, tableShape, toTable } from '../results';
import { RULE_COLUMNS, ruleItem } from './rule-item';
import { stateOf, stateParam } from './rule-state';
import { RuleSummary, SUMMARY_COLUMNS } from './rule-summary';

const MS_PER_DAY = 86_400_000;
/** Without the account, which is the same in each. */
const COLUMNS = RULE_COLUMNS.filter((column) => column !== 'account');
/** Said where rules were looked for by a part of their expression. */
const OTHER_EXPRESSIONS =
  'rules by attributes may keep data there too: rucio_get_dataset_locks_by_rse';
const ACCOUNT_CELL = RULE_COLUMNS.indexOf('account') - 1;

export const listAccountRules = defineTool({
  name: 'rucio_list_account_rules',
  input: z.strictObject({
    account: accountParam,
    state: stateParam,
    rse_expression: z.string().default('').describe('rules whose expression has this text'),
    expires_within_days: Int.default(0).describe('0: all; the soonest first'),
    summary: z.boolean().default(false).describe('counts, bytes and the largest'),
    limit: limitParam(50),
    offset: offsetParam,
  }),
  output: z.object({
    account: z.string(),
    ...tableShape,
    rules: Int.optional(),
    bytes: z.union([z.number(), z.string()]).nullable().optional(),
    largest: SmallTable.optional(),
  }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const account = accountOf(input.account, context);
    const state = stateOf(input.state);
    const rows = matching(rucio.rules.list({ account, state }, { signal }), {
      expression: trimmed(input.rse_expression),
      until: input.expires_within_days > 0 ? untilDay(input.expires_within_days) : undefined,
    });
    const shown = { account: escapeName(account) };
    const partial = trimmed(input.rse_expression) === undefined ? [] : [OTHER_EXPRESSIONS];
    if (input.summary) return { ...shown, ...(await summaryOf(rows, input, partial)) };
    const byExpiry = input.expires_within_days > 0;
    const toItem = (rule: RuleRow) => withoutAccount(ruleItem(rule), byExpiry ? rule : undefined);
    const page = await pageOf(rows, toItem, input, context);
    const notes = [
      ...(page.count > 0 ? [] : ['no rule matches; an unknown account has none either']),
      ...partial,
    ];
    return { ...shown, ...toTable(COLUMNS, page, ...notes) };
  },
});

function untilDay(days: number): number {
  return Date.now() + days * MS_PER_DAY;
}

interface Conditions {
  readonly expression: string | undefined;
  /** In milliseconds since the epoch. */
  readonly until: number | undefined;
}

/** Conditions that Rucio itself can not look for. */
async function* matching(
  rules: AsyncIterable<RuleRow>,
  { expression, until }: Conditions,
): AsyncGenerator<RuleRow> {
  for await (const rule of rules) {
    if (expression !== undefined && !rule.rse_expression.includes(expression)) continue;
    if (until !== undefined && !(expiryOf(rule) <= until)) continue;
    yield rule;
  }
}

/** In milliseconds since the epoch; not a number for a rule without an end. */
function expiryOf({ expires_at: expires }: RuleRow): number {
  return Date.parse(expires ?? '');
}

function withoutAccount(item: Item, expiring: RuleRow | undefined): Item {
  const rows = item.rows.map((cells) => cells.filter((_, index) => index !== ACCOUNT_CELL));
  const soonest = expiring === undefined ? '' : `${String(expiryOf(expiring)).padStart(16, '0')} `;
  return { ...item, sortKey: `${soonest}${item.sortKey}`, rows };
}

async function summaryOf(
  rules: AsyncIterable<RuleRow>,
  { limit, offset }: PageRequest,
  notes: readonly string[],
) {
  const summary = new RuleSummary();
  for await (const rule of rules) summary.add(rule);
  return {
    ...toTable(SUMMARY_COLUMNS, summary.page({ limit, offset }), ...summary.notes, ...notes),
    rules: summary.rules,
    bytes: summary.bytes,
    ...unlessEmpty('largest', summary.largest),
  };
}
