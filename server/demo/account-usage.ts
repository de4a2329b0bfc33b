import type { SeedRse } from './seed-rses';
import type { DemoStore } from './store';

/** What an account uses, in bytes and files. Files that are still to come count, too. */
export interface AccountUsage {
  readonly bytes: number;
  readonly files: number;
}

/** The use of storage by an account: the sum of all locks of its rules. */
export function accountUsage(
  store: DemoStore,
  account: string,
  rses: readonly SeedRse[],
): AccountUsage {
  const locks = store.rules
    .filter((rule) => rule.account === account)
    .flatMap((rule) => rule.locks.filter(({ rse }) => rses.includes(rse)));
  return {
    bytes: locks.reduce((sum, { file }) => sum + (file.bytes ?? 0), 0),
    files: locks.length,
  };
}

/** The limit of an account on a storage element, in bytes; `undefined` where it has none. */
export function localLimit(store: DemoStore, account: string, rse: SeedRse): number | undefined {
  const quota = store.seed.quotas.find(
    (known) => known.account === account && known.rse === rse.rse,
  );
  return quota === undefined ? undefined : (quota.bytes ?? Number.POSITIVE_INFINITY);
}

/** A limit for several storage elements together. */
export interface GlobalLimit {
  readonly expression: string;
  readonly bytes: number;
}

export function globalLimits(store: DemoStore, account: string): readonly GlobalLimit[] {
  return store.seed.globalQuotas
    .filter((quota) => quota.account === account)
    .map(({ rseExpression, bytes }) => ({
      expression: rseExpression,
      bytes: bytes ?? Number.POSITIVE_INFINITY,
    }));
}
