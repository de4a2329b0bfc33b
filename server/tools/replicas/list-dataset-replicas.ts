import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import { escapeName } from '../../rucio/untrusted-text';
import { defineTool } from '../define';
import { ensureDid } from '../dids/ensure-did';
import { limitParam, offsetParam } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import {
  CACHED_FIGURES,
  DATASET_REPLICA_COLUMNS,
  datasetReplicaCells,
} from './dataset-replica-item';

export const listDatasetReplicas = defineTool({
  name: 'rucio_list_dataset_replicas',
  input: z.strictObject({
    did: z.string(),
    deep: z.boolean().default(false).describe('count the files now'),
    limit: limitParam(50),
    offset: offsetParam,
  }),
  output: z.object({ did: z.string(), ...tableShape, next: z.string().optional() }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const { deep } = input;
    const page = await pageOf(
      context.rucio.replicas.datasets(did, { deep }, { signal: context.signal }),
      (row) => ({ sortKey: row.rse, rows: [datasetReplicaCells(row)] }),
      input,
      context,
    );
    const shown = { did: escapeName(formatDid(did)) };
    if (page.count > 0) {
      const notes = deep ? [] : [CACHED_FIGURES];
      return { ...shown, ...toTable(DATASET_REPLICA_COLUMNS, page, ...notes) };
    }
    const { type } = await ensureDid(context, did);
    return { ...shown, ...toTable(DATASET_REPLICA_COLUMNS, page, ...emptyNote(type, deep)) };
  },
});

/** Rucio answers nothing for what is not a dataset. */
function emptyNote(type: string, deep: boolean): string[] {
  switch (type.toUpperCase()) {
    case 'CONTAINER':
      return ['it is a container: call rucio_list_container_replicas'];
    case 'FILE':
      return ['it is a file: call rucio_list_replicas'];
    default:
      return [
        deep
          ? 'the dataset exists and no RSE has a file of it'
          : 'the dataset exists and Rucio has counted no copy; deep=true counts now',
      ];
  }
}
