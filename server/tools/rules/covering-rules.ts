import { type Did, formatDid } from '../../rucio/did';
import type { RuleRow } from '../../rucio/schemas/rules';
import { Parts, firstRows } from '../composite/parts';
import { ensureDid } from '../dids/ensure-did';
import type { ToolContext } from '../define';

/** Most collections above one DID that are looked at. */
const MAX_PARENTS = 200;

/**
 * The rules that keep a DID: its own and those of everything that contains it, each once.
 *
 * @throws {AppError} DID_NOT_FOUND
 */
export async function* coveringRules(context: ToolContext, did: Did): AsyncGenerator<RuleRow> {
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
        parts.needed(() => firstRows(rucio.dids.parents(one, { signal }), MAX_PARENTS)),
      ),
    );
    const fresh = above
      .flat()
      .map(({ scope, name }) => ({ scope, name }))
      .filter((parent) => !seen.has(formatDid(parent)))
      .slice(0, MAX_PARENTS - seen.size);
    for (const parent of fresh) seen.set(formatDid(parent), parent);
    return fresh;
  }
}
