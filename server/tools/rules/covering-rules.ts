import { type Did, formatDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { Parts, firstRows } from '../composite/parts';
import { ensureDid } from '../dids/ensure-did';
import type { ToolContext } from '../define';

/** Most collections above one DID that are looked at. */
export const MAX_PARENTS = 200;

/** What became of the search for rules. */
export interface Covered {
  /** False once there were more collections above the DID than are looked at. */
  isWhole: boolean;
}

/**
 * The rules that keep a DID: its own and those of everything that contains it, each once.
 *
 * @param covered - is told when something is left out
 * @throws {AppError} DID_NOT_FOUND
 */
export async function* coveringRules(
  context: ToolContext,
  did: Did,
  covered: Covered,
): AsyncGenerator<RuleRow> {
  const { rucio, signal } = context;
  const { type } = await ensureDid(context, did);
  if (type.toUpperCase() === 'FILE') {
    yield* rucio.dids.associatedRules(did, { signal });
    return;
  }
  // Rucio has the same question for files only.
  const parts = new Parts();
  const seen = new Map([[formatDid(did), did]]);
  const rules = new Set<string>();
  let level: Did[] = [did];
  while (level.length > 0) {
    const found = await Promise.all(
      level.map((one) =>
        parts.needed(() => firstRows(rucio.dids.rules(one, { signal }), Infinity)),
      ),
    );
    for (const rule of found.flat()) {
      if (rules.has(rule.id)) continue;
      rules.add(rule.id);
      yield rule;
    }
    level = await parentsOf(level);
  }

  async function parentsOf(dids: readonly Did[]): Promise<Did[]> {
    const above = await Promise.all(
      dids.map((one) =>
        parts.needed(() => firstRows(rucio.dids.parents(one, { signal }), MAX_PARENTS + 1)),
      ),
    );
    const fresh: Did[] = [];
    for (const { scope, name } of above.flat()) {
      const key = formatDid({ scope, name });
      if (seen.has(key)) continue;
      // The DID itself is one of those seen.
      if (seen.size > MAX_PARENTS) covered.isWhole = false;
      else {
        seen.set(key, { scope, name });
        fresh.push({ scope, name });
      }
    }
    return fresh;
  }
}
