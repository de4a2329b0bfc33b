import { AppError } from '../../errors';
import { formatDid } from '../../rucio/did';
import type { SuspiciousReplicas } from '../../rucio/schemas/replicas';
import { escapeName } from '../../rucio/untrusted-text';
import type { ToolContext } from '../define';
import type { Cell } from '../results';
import { type SmallTable, smallTable } from './fields';

const MAX_SUSPICIOUS = 3;
/** How far back declarations count. */
const SUSPICION_DAYS = 30;
/** Longest wait, in milliseconds: they are an addition, and Rucio has to count them. */
const SUSPICION_MS = 2000;

/** Said where Rucio did not tell. */
export const UNTOLD = 'Rucio did not tell the suspicious replicas: none shown means nothing';

/** @returns `untold` where Rucio does not tell in time, or fails */
export async function suspiciousAt(
  rse: string,
  { rucio, signal }: ToolContext,
): Promise<SuspiciousReplicas | 'untold'> {
  const since = new Date(Date.now() - SUSPICION_DAYS * 86_400_000);
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(SUSPICION_MS)]);
  try {
    return await rucio.replicas.suspicious(rse, since, { signal: inTime });
  } catch (error) {
    if (error instanceof AppError && error.code === 'DENIED') throw error;
    signal.throwIfAborted();
    return 'untold';
  }
}

/**
 * The replicas declared suspicious, temporarily unavailable or lost most often in the last
 * {@link SUSPICION_DAYS} days: Rucio counts all three.
 */
export function suspiciousTable(found: SuspiciousReplicas): SmallTable {
  const rows = found
    .toSorted((a, b) => b.cnt - a.cnt || (formatDid(a) < formatDid(b) ? -1 : 1))
    .map((row): Cell[] => [escapeName(formatDid(row)), row.cnt]);
  return smallTable(['did', 'times'], rows, MAX_SUSPICIOUS);
}
