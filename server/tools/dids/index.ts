import { getDid } from './get-did';
import { getMetadata } from './get-metadata';
import { listContent } from './list-content';
import { listDids } from './list-dids';
import { listFiles } from './list-files';
import { listParentDids } from './list-parent-dids';

export const didTools = [
  getDid,
  getMetadata,
  listContent,
  listDids,
  listFiles,
  listParentDids,
] as const;
