import { z } from 'zod';

import { AppError } from '../../errors';
import { type Did, formatDid, parseDids } from '../../rucio/did';
import type { DidStatus } from '../../rucio/schemas/dids';
import { escapeName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { Int } from '../params';
import type { Cell } from '../results';
import { rseDirectoryOf } from '../rse-directory';
import { sealPlan } from '../sealed-plan';
import { NotPermitted, Size, SmallTable, smallTable, unlessEmpty } from './fields';
import { namesOf } from './locate-data';
import { Parts, firstRows } from './parts';
import { type Candidate, type PlannedData, judgeCandidates } from './rule-candidates';
import { counted, fromBytes, inWords, toBytes } from './sizes';

/** Most DIDs of one plan, and most rows of its tables. */
const MAX_DIDS = 20;
const MAX_CANDIDATES = 10;
const MAX_DUPLICATES = 5;

export const planRule = defineTool({
  name: 'rucio_plan_rule',
  input: z.strictObject({
    dids: z.string().describe('DIDs, separated by spaces'),
    rse_expression: z.string(),
    copies: Int.default(1),
    account: z.string().default('').describe('default: yours'),
    lifetime: Int.default(0).describe('seconds; 0: for ever'),
  }),
  output: z.object({
    possible: z.boolean(),
    verdict: z.string(),
    account: z.string(),
    files: Int,
    bytes: Size,
    candidates: SmallTable,
    duplicates: SmallTable.optional(),
    warnings: z.array(z.string()).optional(),
    plan: z.string().optional(),
    next: z.string().optional(),
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const dids = parseDids(input.dids, 'dids', MAX_DIDS);
    const expression = input.rse_expression.trim();
    const copies = checkCopies(input.copies);
    const account = input.account.trim() || context.account;
    const parts = new Parts();
    const [data, names, rses] = await Promise.all([
      Promise.all(dids.map((did) => dataOf(did, context, parts))),
      parts.needed(() => namesOf(checkExpression(expression), context)),
      parts.needed(() => rseDirectoryOf(context.site).list(context)),
    ]);
    const question = { data, names: [...names], rses, account, parts };
    const { candidates, notes } = await judgeCandidates(context, question);
    const duplicates = await duplicatesOf(context, { data, account, expression, copies, parts });
    const good = candidates.filter(({ problems }) => problems.length === 0);
    const isPossible = good.length >= copies && duplicates.length < data.length;
    const lifetime = input.lifetime > 0 ? input.lifetime : null;
    const plan =
      isPossible && !context.readOnly
        ? await sealPlan(context, {
            dids: dids.map(formatDid),
            rse_expression: expression,
            copies,
            account,
            lifetime,
          })
        : undefined;
    const warnings = [...warningsOf({ good, lifetime, data }), ...notes];
    return {
      possible: isPossible,
      verdict: verdictOf({ good, candidates, copies, duplicates: duplicates.length, data }),
      account: escapeName(account),
      files: sum(
        data.map(({ status }) => BigInt(status.length ?? 0)),
        Number,
      ),
      bytes: fromBytes(
        sum(
          data.map(({ bytes }) => bytes ?? 0n),
          (total) => total,
        ),
      ),
      candidates: smallTable(
        ['rse', 'type', 'writable', 'quota_left', 'free', 'percent', 'to_move', 'ok', 'why'],
        candidates.map(toRow),
        MAX_CANDIDATES,
      ),
      ...unlessEmpty(
        'duplicates',
        smallTable(['did', 'rule_id', 'state'], duplicates, MAX_DUPLICATES),
      ),
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(plan === undefined ? {} : { plan }),
      ...(plan === undefined ? {} : { next: 'rucio_add_rule(plan)' }),
      ...parts.notPermitted,
    };
  },
});

function checkCopies(copies: number): number {
  if (copies >= 1 && copies <= 100) return copies;
  throw new AppError('BAD_ARGUMENT', {
    what: `copies is ${copies}; a rule has at least one copy and at most 100 here.`,
    next: 'call again with copies of 1 or more',
  });
}

function checkExpression(expression: string): string {
  if (expression !== '') return expression;
  throw new AppError('BAD_ARGUMENT', {
    what: 'rse_expression is empty.',
    next: 'say where: an RSE, or e.g. tier=2&rse_type=DISK',
  });
}

async function dataOf(did: Did, context: ToolContext, parts: Parts): Promise<PlannedData> {
  const { rucio, signal } = context;
  const status: DidStatus = await parts.needed(() =>
    withNearNames(rucio, did, signal, rucio.dids.get(did, { signal })),
  );
  return { did, status, bytes: toBytes(status.bytes) };
}

/** Rucio refuses a rule of the same account with the same DID, expression and copies. */
async function duplicatesOf(
  { rucio, signal }: ToolContext,
  plan: {
    readonly data: readonly PlannedData[];
    readonly account: string;
    readonly expression: string;
    readonly copies: number;
    readonly parts: Parts;
  },
): Promise<Cell[][]> {
  const found = await Promise.all(
    plan.data.map(async ({ did }) => {
      const rules = await plan.parts.permitted('rules', () =>
        firstRows(rucio.dids.rules(did, { signal }), 1000),
      );
      return (rules ?? [])
        .filter(
          (rule) =>
            rule.account === plan.account &&
            rule.rse_expression === plan.expression &&
            rule.copies === plan.copies,
        )
        .map((rule): Cell[] => [
          escapeName(formatDid(did)),
          escapeName(rule.id),
          escapeName(rule.state),
        ]);
    }),
  );
  return found.flat();
}

function toRow(candidate: Candidate): Cell[] {
  const { rse, row, quotaLeft, free, percent, toMove, problems } = candidate;
  return [
    escapeName(rse),
    compactText(row?.rse_type),
    row?.availability_write ?? null,
    quotaLeft === 'unlimited' ? quotaLeft : fromBytes(quotaLeft),
    fromBytes(free),
    percent ?? null,
    fromBytes(toMove),
    problems.length === 0,
    problems.length === 0 ? null : problems.join(', '),
  ];
}

function warningsOf(plan: {
  readonly good: readonly Candidate[];
  readonly lifetime: number | null;
  readonly data: readonly PlannedData[];
}): string[] {
  const isTape = plan.good.some(({ row }) => row?.rse_type?.toUpperCase() === 'TAPE');
  const isOpen = plan.data.some(({ status }) => status.open === true);
  return [
    ...(plan.lifetime === null
      ? ['without lifetime the copy stays until somebody deletes the rule']
      : []),
    ...(isTape ? ['tape among the targets: Rucio locks such rules itself'] : []),
    ...(isOpen ? ['open data may still grow, and its copy with it'] : []),
  ];
}

function verdictOf(plan: {
  readonly good: readonly Candidate[];
  readonly candidates: readonly Candidate[];
  readonly copies: number;
  readonly duplicates: number;
  readonly data: readonly PlannedData[];
}): string {
  const { good, candidates, copies, duplicates, data } = plan;
  if (duplicates >= data.length) return 'Such a rule exists already; see duplicates.';
  const wanted = copies === 1 ? '1 copy' : `${copies} copies`;
  const fit = `${good.length} of ${counted(candidates.length, 'RSE')} can take it`;
  if (good.length < copies) return `Not possible: ${fit}, ${wanted} asked for.`;
  const least = good.flatMap(({ toMove }) => toMove ?? []).sort((a, b) => (a < b ? -1 : 1))[0];
  const move = least === undefined ? '' : `; at least ${inWords(least)} to move for a copy`;
  return `Possible: ${fit}, ${wanted} asked for${move}.`;
}

function sum<T>(values: readonly bigint[], to: (total: bigint) => T): T {
  return to(values.reduce((total, value) => total + value, 0n));
}
