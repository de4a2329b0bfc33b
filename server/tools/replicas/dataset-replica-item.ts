import type { DatasetReplicaRow } from '../../rucio/schemas/replicas';
import { compactDate, compactNumber, compactText } from '../compact';
import type { Cell } from '../results';

export const DATASET_REPLICA_COLUMNS = [
  'rse',
  'state',
  'files_here',
  'files',
  'bytes_here',
  'bytes',
  'updated_at',
  'accessed_at',
] as const;

/** What one RSE has of a dataset. */
export function datasetReplicaCells(row: DatasetReplicaRow): Cell[] {
  return [
    compactText(row.rse),
    compactText(row.state),
    compactNumber(row.available_length),
    compactNumber(row.length),
    compactNumber(row.available_bytes),
    compactNumber(row.bytes),
    compactDate(row.updated_at),
    compactDate(row.accessed_at),
  ];
}

/** Said with figures that Rucio has not counted now. */
export const CACHED_FIGURES = "these are Rucio's own figures, which lag; deep=true counts now";
