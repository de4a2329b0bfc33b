import { z } from 'zod';

import type { RucioClient } from '../../rucio/client';
import { type Did, formatDid, parseDid } from '../../rucio/did';
import type { DatasetReplicaRow } from '../../rucio/schemas/replicas';
import { escapeName } from '../../rucio/untrusted-text';
import { defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { limitParam, offsetParam } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import {
  CACHED_FIGURES,
  DATASET_REPLICA_COLUMNS,
  datasetReplicaCells,
} from './dataset-replica-item';

/** Datasets that one call to Rucio asks for: its own bound, and less where it counts. */
const BULK = 1000;
const DEEP_AT_ONCE = 4;

export const listContainerReplicas = defineTool({
  name: 'rucio_list_container_replicas',
  input: z.strictObject({
    did: z.string().describe('a container; its own datasets are looked at'),
    deep: z.boolean().default(false).describe('count the files now'),
    limit: limitParam(50).describe('rows of dataset and RSE'),
    offset: offsetParam,
  }),
  output: z.object({ container: z.string(), ...tableShape }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const did = parseDid(input.did);
    const seen = { datasets: 0, others: 0 };
    const reading = pageOf(
      replicasOf(rucio, did, { deep: input.deep, seen }, signal),
      (row) => ({
        sortKey: `${row.scope}:${row.name} ${row.rse}`,
        did: { scope: row.scope, name: row.name },
        rows: [datasetReplicaCells(row)],
      }),
      input,
      context,
    );
    const page = await withNearNames(rucio, did, signal, reading);
    const notes = [
      ...(page.count > 0 && !input.deep ? [CACHED_FIGURES] : []),
      ...(page.count === 0 ? [emptyNote(seen)] : []),
      ...(seen.others > 0 ? [`${seen.others} containers in it are not looked into`] : []),
    ];
    return {
      container: escapeName(formatDid(did)),
      ...toTable(['did', ...DATASET_REPLICA_COLUMNS], page, ...notes),
    };
  },
});

interface Listing {
  readonly deep: boolean;
  readonly seen: { datasets: number; others: number };
}

/** Rucio answers nothing for a container itself, so its datasets are asked for, in their order. */
async function* replicasOf(
  rucio: RucioClient,
  container: Did,
  { deep, seen }: Listing,
  signal: AbortSignal,
): AsyncGenerator<DatasetReplicaRow> {
  const size = deep ? DEEP_AT_ONCE : BULK;
  let batch: Did[] = [];
  for await (const { scope, name, type } of rucio.dids.content(container, { signal })) {
    if (type?.toUpperCase() !== 'DATASET') {
      if (type?.toUpperCase() === 'CONTAINER') seen.others += 1;
      continue;
    }
    seen.datasets += 1;
    batch.push({ scope, name });
    if (batch.length < size) continue;
    yield* replicasOfBatch(rucio, batch, deep, signal);
    batch = [];
  }
  if (batch.length > 0) yield* replicasOfBatch(rucio, batch, deep, signal);
}

async function* replicasOfBatch(
  rucio: RucioClient,
  datasets: readonly Did[],
  deep: boolean,
  signal: AbortSignal,
): AsyncGenerator<DatasetReplicaRow> {
  if (!deep) {
    yield* rucio.replicas.datasetsBulk(datasets, { signal });
    return;
  }
  const counted = await Promise.all(
    datasets.map(async (dataset) => {
      const rows: DatasetReplicaRow[] = [];
      for await (const row of rucio.replicas.datasets(dataset, { deep }, { signal }))
        rows.push(row);
      return rows;
    }),
  );
  yield* counted.flat();
}

function emptyNote({ datasets }: Listing['seen']): string {
  return datasets === 0
    ? 'it exists and has no dataset in it; for a dataset call rucio_list_dataset_replicas'
    : `Rucio has counted no copy of its ${datasets} datasets; deep=true counts now`;
}
