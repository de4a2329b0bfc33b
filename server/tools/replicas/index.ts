import { listContainerReplicas } from './list-container-replicas';
import { listDatasetReplicas } from './list-dataset-replicas';
import { listReplicas } from './list-replicas';

export const replicaTools = [listContainerReplicas, listDatasetReplicas, listReplicas] as const;
