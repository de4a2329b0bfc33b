import { z } from 'zod';

import { defineTool } from '../define';
import { clampPage, limitParam, offsetParam } from '../params';
import { type Item, type Page, tableShape, toTable } from '../results';
import { REQUEST_COLUMNS, requestItem, requestShape, toRequestQuery } from './request-params';

export const listRequestsHistory = defineTool({
  name: 'rucio_list_requests_history',
  input: z.strictObject({ ...requestShape, limit: limitParam(100), offset: offsetParam }),
  output: z.object(tableShape),
  run: async (input, { rucio, signal }) => {
    const { limit, offset } = clampPage(input);
    // Rucio pages through these itself; one more tells whether there are more.
    const query = { ...toRequestQuery(input), offset, limit: limit + 1 };
    const items: Item[] = [];
    for await (const row of rucio.requests.history(query, { signal })) items.push(requestItem(row));
    const page: Page = {
      items: items.slice(0, limit),
      offset,
      count: offset + Math.min(items.length, limit),
      hasMore: items.length > limit,
      isWhole: false,
    };
    const isBehind = items.length === 0 && offset > 0;
    return toTable(REQUEST_COLUMNS, page, ...(isBehind ? ['the list ends before offset'] : []));
  },
});
