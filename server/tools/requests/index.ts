import { listRequests } from './list-requests';
import { listRequestsHistory } from './list-requests-history';
import { listTransferLimits } from './list-transfer-limits';

export const requestTools = [listRequests, listRequestsHistory, listTransferLimits] as const;
