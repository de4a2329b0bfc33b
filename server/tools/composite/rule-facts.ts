import { AppError } from '../../errors';
import type { RuleAnalysis, RuleRow } from '../../rucio/schemas/rules';
import type { RequestRow } from '../../rucio/schemas/requests';
import type { RseRow } from '../../rucio/schemas/rses';
import type { ToolContext } from '../define';
import { rseDirectoryOf } from '../rse-directory';
import { namesOf } from './locate-data';
import type { Parts } from './parts';
import { hasNoQuota } from './quota';
import { type Bytes, toBytes } from './sizes';

/** Most locks that are read of one rule. */
export const MAX_LOCKS = 20_000;
/** RSEs whose space is asked for, and files whose transfers are. */
const MAX_DESTINATIONS = 5;
const MAX_REQUESTS = 5;

/** One RSE that a rule wants files at. */
export interface Destination {
  readonly rse: string;
  readonly row: RseRow | undefined;
  ok: number;
  replicating: number;
  stuck: number;
  /** As the storage says, in bytes. */
  free: Bytes;
  quotaLeft: Bytes;
}

export interface RuleFacts {
  readonly rule: RuleRow;
  /** Transfers that failed at least once. */
  readonly transfers: RuleAnalysis['transfers'];
  readonly destinations: readonly Destination[];
  /** Transfers under way of some of the files. */
  readonly requests: readonly RequestRow[];
  /** Whether the files of all destinations were counted. */
  readonly areCounted: boolean;
  readonly rses: ReadonlyMap<string, RseRow>;
}

/** Everything that Rucio tells a user about what a rule is waiting for. */
export async function gatherRuleFacts(
  context: ToolContext,
  rule: RuleRow,
  parts: Parts,
): Promise<RuleFacts> {
  const { rucio, site, signal } = context;
  const isSettled = rule.state === 'OK';
  const [analysis, locks, rses, quota] = await Promise.all([
    isSettled
      ? undefined
      : parts.permitted('analysis', () => rucio.rules.analysis(rule.id, { signal })),
    parts.permitted('locks', () => readLocks(context, rule.id)),
    parts.needed(() => rseDirectoryOf(site).list(context)),
    isSettled ? undefined : quotaOf(context, rule, parts),
  ]);
  const destinations = new Map<string, Destination>();
  const destination = (rse: string): Destination => {
    const known = destinations.get(rse);
    if (known !== undefined) return known;
    const made = {
      rse,
      row: rses.get(rse),
      ok: 0,
      replicating: 0,
      stuck: 0,
      free: undefined,
      quotaLeft: quota?.get(rse),
    };
    destinations.set(rse, made);
    return made;
  };
  for (const [rse, { ok, replicating, stuck }] of locks?.counts ?? []) {
    Object.assign(destination(rse), { ok, replicating, stuck });
  }
  if (destinations.size === 0) {
    for (const rse of await expressionOf(context, rule, parts)) destination(rse);
  }
  const [requests, transfers] = await Promise.all([
    isSettled ? [] : requestsOf(context, locks?.unfinished ?? [], parts),
    withErrorTexts(context, analysis?.transfers ?? [], parts),
    isSettled ? undefined : addFreeSpace(context, [...destinations.values()], parts),
  ]);
  return {
    rule,
    transfers,
    destinations: [...destinations.values()].sort(
      (a, b) => b.stuck + b.replicating - (a.stuck + a.replicating) || (a.rse < b.rse ? -1 : 1),
    ),
    requests,
    areCounted: locks?.isWhole ?? true,
    rses,
  };
}

interface Unfinished {
  readonly scope: string;
  readonly name: string;
  readonly rse: string;
}

async function readLocks({ rucio, signal }: ToolContext, id: string) {
  const counts = new Map<string, { ok: number; replicating: number; stuck: number }>();
  const unfinished: Unfinished[] = [];
  let read = 0;
  for await (const { scope, name, rse, state } of rucio.rules.locks(id, { signal })) {
    const count = counts.get(rse) ?? { ok: 0, replicating: 0, stuck: 0 };
    counts.set(rse, count);
    if (state === 'OK') count.ok += 1;
    else if (state === 'STUCK') count.stuck += 1;
    else count.replicating += 1;
    if (state !== 'OK' && unfinished.length < MAX_REQUESTS) unfinished.push({ scope, name, rse });
    read += 1;
    if (read === MAX_LOCKS) break;
  }
  return { counts, unfinished, isWhole: read < MAX_LOCKS };
}

async function quotaOf({ rucio, signal }: ToolContext, { account }: RuleRow, parts: Parts) {
  if (account === null || account === undefined) return undefined;
  return parts.permitted('quota', async () => {
    const left = new Map<string, Bytes>();
    for await (const row of rucio.accounts.localUsage(account, undefined, { signal })) {
      left.set(row.rse, toBytes(row.bytes_remaining));
    }
    // Of an administrator without limits Rucio tells all that is used as too much, and asks for none.
    const isOver = [...left.values()].some((bytes) => bytes !== undefined && bytes < 0n);
    return isOver && (await hasNoQuota({ rucio, signal }, account)) ? undefined : left;
  });
}

/** Where a rule without locks wants its files; empty when its expression matches nothing any more. */
async function expressionOf(context: ToolContext, rule: RuleRow, parts: Parts): Promise<string[]> {
  try {
    const names = await parts.needed(() => namesOf(rule.rse_expression, context));
    return [...names].sort();
  } catch (error) {
    if (error instanceof AppError && error.code === 'RSE_EXPRESSION') return [];
    throw error;
  }
}

async function addFreeSpace(
  { rucio, signal }: ToolContext,
  destinations: readonly Destination[],
  parts: Parts,
): Promise<void> {
  await Promise.all(
    destinations.slice(0, MAX_DESTINATIONS).map((destination) =>
      parts.existing('space', async () => {
        destination.free = await freeSpaceOf({ rucio, signal }, destination.rse);
      }),
    ),
  );
}

/** As the storage reports it; Rucio's own figures know nothing of the space that is free. */
export async function freeSpaceOf(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  rse: string,
): Promise<Bytes> {
  let free: Bytes;
  for await (const row of rucio.rses.usage(rse, { perAccount: false }, { signal })) {
    if (row.source === 'storage') free = toBytes(row.free);
    else if (row.source !== 'rucio') free ??= toBytes(row.free);
  }
  return free;
}

type Transfers = RuleAnalysis['transfers'];

/**
 * What failed, with the words of the transfer service: the analysis has only the state, as
 * `RequestState.FAILED`. Locks for which nothing was tried yet are left out: Rucio tells nothing of
 * them, not even their sources.
 */
async function withErrorTexts(
  { rucio, signal }: ToolContext,
  transfers: Transfers,
  parts: Parts,
): Promise<Transfers> {
  const failed = transfers.filter(({ attempts }) => (attempts ?? 0) > 0);
  const asked = failed.slice(0, MAX_REQUESTS).map(async ({ scope, name, rse }) => {
    if (rse === null || rse === undefined) return undefined;
    return parts.existing('error texts', () =>
      rucio.requests.getHistory({ scope, name }, rse, { signal }),
    );
  });
  const told = await Promise.all(asked);
  return failed.map((transfer, position) => ({
    ...transfer,
    last_error: told[position]?.err_msg ?? transfer.last_error?.replace(/^RequestState\./, ''),
  }));
}

async function requestsOf(
  { rucio, signal }: ToolContext,
  files: readonly Unfinished[],
  parts: Parts,
): Promise<RequestRow[]> {
  const found = await Promise.all(
    files.map(({ rse, ...did }) =>
      parts.existing('transfers', () => rucio.requests.get(did, rse, { signal })),
    ),
  );
  return found.filter((request) => request !== undefined);
}
