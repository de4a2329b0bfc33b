import type { RucioClient } from '../../rucio/client';
import { type Did, formatDid } from '../../rucio/did';
import type { Parts } from './parts';

export interface DatasetsBelow {
  readonly datasets: readonly Did[];
  /** False when more than `max` datasets and containers are below. */
  readonly isWhole: boolean;
}

/** The datasets in a container, at any depth, each once. A dataset is below itself. */
export async function datasetsBelow(
  rucio: RucioClient,
  { did, type, max }: { readonly did: Did; readonly type: string; readonly max: number },
  parts: Parts,
  signal: AbortSignal,
): Promise<DatasetsBelow> {
  const datasets = new Map<string, Did>();
  if (type === 'DATASET') datasets.set(formatDid(did), did);
  const seen = new Set<string>();
  let containers = type === 'CONTAINER' ? [did] : [];
  const state = { isWhole: true };
  while (containers.length > 0 && state.isWhole) {
    const inner: Did[] = [];
    await Promise.all(
      containers.map((container) =>
        parts.needed(async () => {
          for await (const child of rucio.dids.content(container, { signal })) {
            const { scope, name } = child;
            const key = formatDid(child);
            if (seen.has(key)) continue;
            if (seen.size === max) state.isWhole = false;
            if (!state.isWhole) return;
            seen.add(key);
            if (child.type?.toUpperCase() === 'CONTAINER') inner.push({ scope, name });
            else datasets.set(key, { scope, name });
          }
        }),
      ),
    );
    containers = inner;
  }
  return { datasets: [...datasets.values()], isWhole: state.isWhole };
}
