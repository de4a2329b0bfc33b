import { listReplicas } from './list-replicas';

export const replicaTools = [listReplicas] as const;
