import pLimit from 'p-limit';

import { AppError } from '../../errors';
import { type Did, formatDid } from '../../rucio/did';
import type { RseRow } from '../../rucio/schemas/rses';
import { escapeName, quoteName } from '../../rucio/untrusted-text';
import { counted, inWords, toBytes } from '../composite/sizes';
import type { ToolContext } from '../define';
import { ensureDid } from '../dids/ensure-did';
import { rseDirectoryOf } from '../rse-directory';
import type { WantedRule } from './new-rule';

/** Calls to Rucio that run at once. */
const MAX_CONCURRENCY = 4;
/** Data without an end that is larger than this, in bytes, is asked about. */
const MAX_BYTES_FOR_EVER = 10_000_000_000n;
const SHOWN = 3;

/** What a rule would take. */
export interface Stakes {
  /** Of all copies together; open data may grow. */
  readonly bytes: bigint;
  readonly targets: readonly RseRow[];
  /** What the user should agree to; empty: nothing of weight. */
  readonly reasons: readonly string[];
}

/**
 * Looks at the size of the data and at the RSEs.
 *
 * @param dids - those that a rule is made for
 * @throws {AppError} DID_NOT_FOUND, RSE_EXPRESSION, TOO_FEW_RSES
 */
export async function stakesOf(
  context: ToolContext,
  rule: WantedRule,
  dids: readonly Did[],
): Promise<Stakes> {
  const [sizes, targets] = await Promise.all([
    sizesOf(context, dids),
    targetsOf(context, rule.rseExpression),
  ]);
  if (targets.length < rule.copies) throw tooFew(rule, targets);
  const bytes = sizes.reduce((total, size) => total + size, 0n) * BigInt(rule.copies);
  return { bytes, targets, reasons: reasonsOf(context, rule, bytes, targets) };
}

/** Fewer RSEs than copies. */
export function tooFew(
  { copies, rseExpression }: WantedRule,
  targets: readonly RseRow[],
  cause?: AppError,
): AppError {
  const match = targets.length === 1 ? '1 RSE matches' : `${targets.length} RSEs match`;
  return new AppError('TOO_FEW_RSES', {
    what: `No rule was made: ${copies} copies were asked for, and ${match} ${quoteName(rseExpression)}.`,
    why: cause?.why,
    next: 'ask for fewer copies or widen the RSE expression',
    cause,
  });
}

async function sizesOf(context: ToolContext, dids: readonly Did[]): Promise<bigint[]> {
  const atOnce = pLimit(MAX_CONCURRENCY);
  return Promise.all(
    dids.map((did) => atOnce(async () => toBytes((await ensureDid(context, did)).bytes) ?? 0n)),
  );
}

async function targetsOf(context: ToolContext, expression: string): Promise<RseRow[]> {
  const { rucio, signal } = context;
  const known = await rseDirectoryOf(context.site).list(context);
  const targets: RseRow[] = [];
  for await (const row of rucio.rses.list(expression, { signal })) {
    targets.push(known.get(row.rse) ?? row);
  }
  return targets;
}

function reasonsOf(
  { confirmAboveBytes }: ToolContext,
  { lifetime }: WantedRule,
  bytes: bigint,
  targets: readonly RseRow[],
): string[] {
  const tapes = targets.filter(({ rse_type: type }) => type?.toUpperCase() === 'TAPE');
  return [
    ...(bytes > BigInt(confirmAboveBytes) ? [`it is ${inWords(bytes)}`] : []),
    ...(tapes.length > 0
      ? [`tape is among its targets (${names(tapes)}), and Rucio locks such rules itself`]
      : []),
    ...(lifetime === undefined && bytes > MAX_BYTES_FOR_EVER
      ? [`${inWords(bytes)} would stay until somebody deletes the rule`]
      : []),
  ];
}

/** The first few names, for a sentence. */
export function names(rses: readonly RseRow[]): string {
  const shown = rses.slice(0, SHOWN).map(({ rse }) => escapeName(rse));
  return rses.length > SHOWN
    ? `${shown.join(', ')} and ${rses.length - SHOWN} more`
    : shown.join(', ');
}

/** What would happen, for the user. */
export function effectOf(rule: WantedRule, dids: readonly Did[], stakes: Stakes): string {
  const [first] = dids;
  const what =
    dids.length === 1 && first !== undefined
      ? quoteName(formatDid(first))
      : `${counted(dids.length, 'DID')}, a rule each`;
  const end = rule.lifetime === undefined ? 'for ever' : `for ${rule.lifetime} s`;
  const copies = rule.copies === 1 ? '1 copy' : `${rule.copies} copies`;
  return (
    `Rucio would keep ${copies} of ${what} (${inWords(stakes.bytes)} in all) at ` +
    `${quoteName(rule.rseExpression)} ${end}, charged to ${quoteName(rule.account)}. ` +
    `Asked because ${stakes.reasons.join('; ')}.`
  );
}
