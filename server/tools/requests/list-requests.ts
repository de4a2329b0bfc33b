import { z } from 'zod';

import { defineTool } from '../define';
import { limitParam, offsetParam } from '../params';
import { pageOf, tableShape, toTable } from '../results';
import { REQUEST_COLUMNS, requestItem, requestShape, toRequestQuery } from './request-params';

/** States of requests that no source has been chosen for. */
const WITHOUT_SOURCE = ['QUEUED', 'WAITING', 'PREPARING'];

export const listRequests = defineTool({
  name: 'rucio_list_requests',
  input: z.strictObject({ ...requestShape, limit: limitParam(100), offset: offsetParam }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const query = toRequestQuery(input);
    const rows = context.rucio.requests.list(query, { signal: context.signal });
    const page = await pageOf(rows, requestItem, input, context);
    const notes = query.states.some((state) => WITHOUT_SOURCE.includes(state))
      ? ['requests that have no source yet (QUEUED, WAITING, PREPARING) are not found by src_rse']
      : [];
    return toTable(REQUEST_COLUMNS, page, ...notes);
  },
});
