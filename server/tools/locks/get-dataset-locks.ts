import { z } from 'zod';

import { formatDid, parseDid } from '../../rucio/did';
import { escapeName } from '../../rucio/untrusted-text';
import { defineTool } from '../define';
import { ensureDid } from '../dids/ensure-did';
import { limitParam, offsetParam } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import { LOCK_COLUMNS, lockCells } from './lock-cells';

export const getDatasetLocks = defineTool({
  name: 'rucio_get_dataset_locks',
  input: z.strictObject({ did: z.string(), limit: limitParam(100), offset: offsetParam }),
  output: z.object({ did: z.string(), ...tableShape }),
  run: async (input, context) => {
    const did = parseDid(input.did);
    const page = await pageOf(
      context.rucio.locks.dataset(did, { signal: context.signal }),
      (row) => ({
        sortKey: `${row.rse} ${row.rule_id ?? ''}`,
        rows: [[escapeName(row.rse), ...lockCells(row)]],
      }),
      input,
      context,
    );
    const notes = page.count > 0 ? [] : [emptyNote((await ensureDid(context, did)).type)];
    return {
      did: escapeName(formatDid(did)),
      ...toTable(['rse', ...LOCK_COLUMNS], page, ...notes),
    };
  },
});

function emptyNote(type: string): string {
  return type.toUpperCase() === 'DATASET'
    ? 'the dataset exists and no rule holds it'
    : `it is a ${type.toLowerCase()}: only datasets have such locks`;
}
