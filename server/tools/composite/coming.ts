import type { Did } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { escapeName } from '../../rucio/untrusted-text';
import type { ToolContext } from '../define';
import type { Cell } from '../results';
import type { Census } from './census';
import { type SmallTable, smallTable } from './fields';
import { type Parts, firstRows } from './parts';

/** Most rules whose locks are read, and most locks of one rule. */
const MAX_RULES = 5;
const MAX_LOCKS = 20_000;
const MAX_ROWS = 8;

export interface Coming {
  /** Files on their way, or that should be: by RSE, lock state and rule. */
  readonly table: SmallTable;
  /** RSEs that have a row. */
  readonly rses: ReadonlySet<string>;
  /** What was not looked at. */
  readonly notes: readonly string[];
}

/**
 * What rules are bringing somewhere. A replica that is COPYING or UNAVAILABLE is only on its way if
 * a rule has a lock on it; otherwise it is lost.
 */
export async function findComing(
  { rucio, signal }: ToolContext,
  { did, census, parts }: { readonly did: Did; readonly census: Census; readonly parts: Parts },
): Promise<Coming> {
  const rules =
    (await parts.permitted('rules', () => firstRows(rucio.dids.rules(did, { signal }), 1000))) ??
    [];
  const waiting = rules.filter(({ state }) => state !== 'OK');
  const unfinished = waiting.slice(0, MAX_RULES);
  const cut = new Set<string>();
  const found = await Promise.all(
    unfinished.map((rule) => parts.permitted('locks', () => locksOf(rule))),
  );
  const rows = found.flatMap((part) => part ?? []);
  const rses = new Set(rows.map(({ rse }) => rse));
  const untold = [...census.others]
    .filter(([rse, states]) => !rses.has(rse) && states.has('COPYING'))
    .map(([rse, states]) => ({
      rse,
      state: 'COPYING',
      files: states.get('COPYING') ?? 0,
      rule: null,
    }));
  const cells = [...rows, ...untold]
    .sort((a, b) => b.files - a.files || (a.rse < b.rse ? -1 : 1))
    .map(({ rse, files, state, rule }): Cell[] => [escapeName(rse), files, state, rule]);
  return {
    table: smallTable(['rse', 'files', 'state', 'rule_id'], cells, MAX_ROWS),
    rses: new Set([...rses, ...untold.map(({ rse }) => rse)]),
    notes: [
      ...(waiting.length > MAX_RULES
        ? [`${waiting.length - MAX_RULES} more rules that are not done were not looked at`]
        : []),
      ...(cut.size > 0 ? [`of large rules the first ${MAX_LOCKS} files were looked at`] : []),
    ],
  };

  async function locksOf({ id }: RuleRow) {
    const counts = new Map<string, { rse: string; state: string; files: number; rule: string }>();
    let read = 0;
    for await (const { rse, state } of rucio.rules.locks(id, { signal })) {
      if (state !== 'OK' && state !== null && state !== undefined) {
        const key = `${rse} ${state}`;
        const entry = counts.get(key) ?? { rse, state, files: 0, rule: escapeName(id) };
        entry.files += 1;
        counts.set(key, entry);
      }
      read += 1;
      if (read < MAX_LOCKS) continue;
      cut.add(id);
      break;
    }
    return [...counts.values()];
  }
}
