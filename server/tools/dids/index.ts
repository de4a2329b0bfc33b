import { getDid } from './get-did';
import { listDids } from './list-dids';

export const didTools = [listDids, getDid] as const;
