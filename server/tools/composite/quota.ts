import type { ToolContext } from '../define';
import type { Parts } from './parts';
import { type Bytes, toBytes } from './sizes';

/** What an account uses and may use at one RSE, or at the RSEs of one expression. */
export interface Quota {
  readonly place: string;
  readonly used: Bytes;
  readonly files: number | null;
  /** `unlimited` by an infinite limit; undefined: no limit is set, so that nothing may be put there. */
  readonly limit: Bytes | 'unlimited';
  readonly left: Bytes | 'unlimited';
}

type Amount = number | string | null | undefined;

/** At single RSEs: those with a limit and those with data. Undefined when not permitted. */
export async function localQuotas(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  account: string,
  parts: Parts,
): Promise<ReadonlyMap<string, Quota> | undefined> {
  const [usage, limits] = await Promise.all([
    parts.permitted('usage', async () => {
      const rows = new Map<string, { used: Amount; files: number | null }>();
      for await (const row of rucio.accounts.localUsage(account, undefined, { signal })) {
        rows.set(row.rse, { used: row.bytes, files: row.files ?? null });
      }
      return rows;
    }),
    parts.permitted('limits', () => rucio.accounts.localLimits(account, undefined, { signal })),
  ]);
  if (usage === undefined || limits === undefined) return undefined;
  const quotas = new Map<string, Quota>();
  for (const rse of new Set([...usage.keys(), ...Object.keys(limits)])) {
    const { used, files } = usage.get(rse) ?? { used: 0, files: 0 };
    const limit = Object.hasOwn(limits, rse) ? limits[rse] : undefined;
    quotas.set(rse, toQuota(rse, { used, files, limit }));
  }
  return quotas;
}

/** Limits over sets of RSEs; an account may have none. */
export async function globalQuotas(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  account: string,
  parts: Parts,
): Promise<readonly Quota[]> {
  const quotas = await parts.permitted('global limits', async () => {
    const rows: Quota[] = [];
    for await (const row of rucio.accounts.globalUsage(account, { signal })) {
      const { rse_expression: place, bytes: used, files, bytes_limit: limit } = row;
      rows.push(toQuota(place, { used, files: files ?? null, limit }));
    }
    return rows;
  });
  return quotas ?? [];
}

export interface ExceededLimit {
  readonly quota: Quota;
  /** The RSEs that it is over. */
  readonly rses: ReadonlySet<string>;
}

/** The limits over sets of RSEs that so many bytes do not fit into. */
export async function exceededLimits(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  wanted: { readonly account: string; readonly bytes: bigint; readonly parts: Parts },
): Promise<readonly ExceededLimit[]> {
  const { account, bytes, parts } = wanted;
  const quotas = await globalQuotas({ rucio, signal }, account, parts);
  const exceeded = quotas.filter(({ left }) => !fitsSet(left, bytes));
  if (exceeded.length === 0) return [];
  const limits = await parts.permitted('global limits', () =>
    rucio.accounts.globalLimits(account, { signal }),
  );
  return exceeded.map((quota) => ({
    quota,
    rses: new Set(limits?.[quota.place]?.resolved_rses),
  }));
}

function toQuota(
  place: string,
  known: { readonly used: Amount; readonly files: number | null; readonly limit: Amount },
): Quota {
  const { files } = known;
  const used = toBytes(known.used);
  // Rucio writes -1 for "no limit" in some places.
  if (known.limit === Infinity || known.limit === -1) {
    return { place, used, files, limit: 'unlimited', left: 'unlimited' };
  }
  const limit = toBytes(known.limit);
  const left = limit === undefined ? undefined : limit - (used ?? 0n);
  return { place, used, files, limit, left };
}

/**
 * Whether so many bytes fit into a quota at one RSE, as Rucio judges: more than them has to be left.
 * Unknown sizes do not fit.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/core/rse_selector.py (select_rse)
 */
export function fits({ left }: Pick<Quota, 'left'>, bytes: Bytes): boolean {
  if (left === 'unlimited') return true;
  return left !== undefined && bytes !== undefined && left > bytes;
}

/** Of limits over sets of RSEs, just as much may be left as is wanted, but not nothing. */
function fitsSet(left: Quota['left'], bytes: bigint): boolean {
  return left === 'unlimited' || (left !== undefined && left > 0n && left >= bytes);
}

/**
 * Whether Rucio asks for no quota: an administrator's. Where that can not be told, it does.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/core/rse_selector.py (RSESelector)
 */
export async function hasNoQuota(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  account: string,
): Promise<boolean> {
  const attributes = await rucio.accounts.attributes(account, { signal }).catch(() => []);
  signal.throwIfAborted();
  return attributes.some(({ key }) => key === 'admin');
}

/** The tightest first, unlimited ones last. */
export function byTightness(a: Quota, b: Quota): number {
  const [x, y] = [rank(a), rank(b)];
  if (x === y) return a.place < b.place ? -1 : 1;
  return x < y ? -1 : 1;
}

function rank({ left }: Quota): bigint {
  if (left === 'unlimited') return BigInt(Number.MAX_VALUE);
  return left ?? 0n;
}
