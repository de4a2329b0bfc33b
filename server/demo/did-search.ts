import { type FilterGroup, meets } from './did-filters';
import type { DemoDid, DemoStore } from './store';

export interface DidSearch {
  readonly scope: string;
  readonly groups: readonly FilterGroup[];
  /** Also the content of what is found, where it meets the filters but for the name. */
  readonly recursive: boolean;
  /** Most rows; 0 = all. */
  readonly limit: number;
}

/** Finds DIDs as Rucio does, which may name one twice when it is found in two ways. */
export function* searchDids(
  store: DemoStore,
  search: DidSearch,
  seen: Set<DemoDid> = new Set(),
  candidates: readonly DemoDid[] = candidatesOf(store, search),
): Generator<DemoDid> {
  const found = matching(store, search, candidates);
  if (search.recursive) {
    for (const child of found.flatMap((did) => did.children)) {
      const groups = search.groups.map((group) => named(group, child.name));
      const below = { ...search, scope: child.scope, groups };
      yield* searchDids(store, below, seen.size === 0 ? new Set() : seen, [child]);
    }
  }
  for (const did of found) {
    if (seen.has(did)) continue;
    seen.add(did);
    yield did;
  }
}

function candidatesOf(store: DemoStore, { scope, groups }: DidSearch): readonly DemoDid[] {
  // Without any filter Rucio's query has no condition at all, not even on the scope.
  return groups.length === 0 ? store.dids() : store.didsOf(scope);
}

function matching(
  store: DemoStore,
  { groups, limit }: DidSearch,
  candidates: readonly DemoDid[],
): readonly DemoDid[] {
  const found = candidates.filter(
    (did) => groups.length === 0 || groups.some((group) => meets(did, group, store.createdAt)),
  );
  return limit > 0 ? found.slice(0, limit) : found;
}

function named(group: FilterGroup, name: string): FilterGroup {
  const others = group.conditions.filter(({ key, operator }) => key !== 'name' || operator !== '');
  return { ...group, conditions: [...others, { key: 'name', operator: '', value: name }] };
}
