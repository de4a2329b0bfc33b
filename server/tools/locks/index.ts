import { getDatasetLocks } from './get-dataset-locks';
import { getDatasetLocksByRse } from './get-dataset-locks-by-rse';

export const lockTools = [getDatasetLocks, getDatasetLocksByRse] as const;
