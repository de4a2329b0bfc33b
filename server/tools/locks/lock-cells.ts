import type { DatasetLockRow } from '../../rucio/schemas/locks';
import { compactDate, compactNumber, compactText } from '../compact';
import type { Cell } from '../results';

export const LOCK_COLUMNS = [
  'state',
  'account',
  'rule_id',
  'files',
  'bytes',
  'accessed_at',
] as const;

/** What one rule holds of a dataset at one RSE. */
export function lockCells(row: DatasetLockRow): Cell[] {
  return [
    compactText(row.state),
    compactText(row.account),
    compactText(row.rule_id),
    compactNumber(row.length),
    compactNumber(row.bytes),
    compactDate(row.accessed_at),
  ];
}
