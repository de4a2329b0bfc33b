import type { Did } from '../../rucio/did';
import type { DidStatus } from '../../rucio/schemas/dids';
import type { RseRow } from '../../rucio/schemas/rses';
import { escapeName } from '../../rucio/untrusted-text';
import type { ToolContext } from '../define';
import { censusNotes, takeCensus } from './census';
import type { Parts } from './parts';
import { type Quota, exceededLimits, fits, hasNoQuota, localQuotas } from './quota';
import { freeSpaceOf } from './rule-facts';
import { type Bytes, inWords, percentOf } from './sizes';

/** Data with more files is not counted: its percentages are Rucio's cached ones. */
const MAX_COUNTED = 5000;
/** RSEs whose free space is asked for. */
const MAX_ASKED = 10;

export interface PlannedData {
  readonly did: Did;
  readonly status: DidStatus;
  readonly bytes: Bytes;
}

/** One RSE that a rule could use. */
export interface Candidate {
  readonly rse: string;
  readonly row: RseRow | undefined;
  /** Undefined where no quota is set, or it is not known. */
  readonly quotaLeft: Quota['left'];
  readonly free: Bytes;
  /** How much of the data is there. */
  readonly percent: number | undefined;
  readonly toMove: Bytes;
  /** Why Rucio would not take it; empty: it would. */
  readonly problems: readonly string[];
}

export interface CandidateQuestion {
  readonly data: readonly PlannedData[];
  readonly names: readonly string[];
  readonly rses: ReadonlyMap<string, RseRow>;
  readonly account: string;
  readonly parts: Parts;
}

export interface Judged {
  readonly candidates: readonly Candidate[];
  /** Said with their percentages. */
  readonly notes: readonly string[];
}

/**
 * What speaks against each RSE: not writable, no quota, not enough quota or space. The best first.
 * Rucio counts the whole size against the quota, also what is there already, and a file of several
 * datasets for each of them; it is moved once.
 */
export async function judgeCandidates(
  context: ToolContext,
  question: CandidateQuestion,
): Promise<Judged> {
  const { data, names, rses, account, parts } = question;
  const size = sizeOf(data);
  const [quotas, exceeded, { there, total, bytes, notes }] = await Promise.all([
    localQuotas(context, account, parts),
    exceededLimits(context, { account, bytes: size, parts }),
    presence(context, data, parts),
  ]);
  const isLacking =
    exceeded.length > 0 ||
    names.some((rse) => quotaProblems(quotas, quotas?.get(rse), size).length > 0);
  const isFree = isLacking && (await hasNoQuota(context, account));
  const first = names.toSorted((a, b) => room(quotas, b) - room(quotas, a) || (a < b ? -1 : 1));
  const judged = first.map(async (rse, position): Promise<Candidate> => {
    const row = rses.get(rse);
    const free =
      position < MAX_ASKED
        ? await parts.existing('space', () => freeSpaceOf(context, rse))
        : undefined;
    const present = there.get(rse) ?? { files: 0, bytes: 0n };
    const toMove = bytes > present.bytes ? bytes - present.bytes : 0n;
    const quota = quotas?.get(rse);
    const problems = [
      ...(row?.availability_write === false ? ['not writable now'] : []),
      ...(isFree
        ? []
        : [
            ...quotaProblems(quotas, quota, size),
            ...exceeded
              .filter(({ rses: limited }) => limited.has(rse))
              .map(({ quota: { place } }) => `global quota of ${escapeName(place)} exceeded`),
          ]),
      ...(free !== undefined && free < toMove ? [`only ${inWords(free)} free`] : []),
    ];
    return {
      rse,
      row,
      quotaLeft: quota?.left,
      free,
      percent: total === 0 ? undefined : percentOf(present.files, total),
      toMove,
      problems,
    };
  });
  const candidates = (await Promise.all(judged)).sort(
    (a, b) => a.problems.length - b.problems.length || (b.percent ?? 0) - (a.percent ?? 0),
  );
  return { candidates, notes: [...notes, ...(isFree ? [NO_QUOTA] : [])] };
}

const NO_QUOTA = 'the account is an administrator: Rucio holds it to no quota';

function sizeOf(data: readonly PlannedData[]): bigint {
  return data.reduce<bigint>((sum, { bytes }) => sum + (bytes ?? 0n), 0n);
}

/** 0: no quota; the more room, the higher. */
function room(quotas: ReadonlyMap<string, Quota> | undefined, rse: string): number {
  const left = quotas?.get(rse)?.left;
  return left === 'unlimited' ? Infinity : Number(left ?? 0n);
}

function quotaProblems(
  quotas: ReadonlyMap<string, Quota> | undefined,
  quota: Quota | undefined,
  bytes: bigint,
): string[] {
  // Without the right to see it, nothing is said about it.
  if (quotas === undefined) return [];
  if (quota?.limit === undefined) return ['no quota'];
  if (fits(quota, bytes)) return [];
  const { left } = quota;
  const missing = typeof left === 'bigint' && left < bytes ? bytes - left : 1n;
  return [`quota: ${inWords(missing)} too little`];
}

interface Presence {
  readonly there: ReadonlyMap<string, { files: number; bytes: bigint }>;
  /** Number of files. */
  readonly total: number;
  readonly bytes: bigint;
  readonly notes: readonly string[];
}

async function presence(
  context: ToolContext,
  data: readonly PlannedData[],
  parts: Parts,
): Promise<Presence> {
  const there = new Map<string, { files: number; bytes: bigint }>();
  const censuses = await Promise.all(
    data.map(({ did, status }) =>
      takeCensus(context, { did, status, maxFiles: MAX_COUNTED, parts }),
    ),
  );
  for (const { shares } of censuses) {
    for (const [rse, { files, bytes }] of shares) {
      const sum = there.get(rse) ?? { files: 0, bytes: 0n };
      sum.files += files;
      sum.bytes += bytes;
      there.set(rse, sum);
    }
  }
  return {
    there,
    total: censuses.reduce((sum, { files }) => sum + (files ?? 0), 0),
    bytes: censuses.reduce((sum, { bytes }) => sum + (bytes ?? 0n), 0n),
    notes: [...new Set(censuses.flatMap((census) => censusNotes(census)))],
  };
}
