import pLimit from 'p-limit';
import { z } from 'zod';

import { AppError } from '../../errors';
import type { RseAttributes, RseRow } from '../../rucio/schemas/rses';
import { compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { limitParam, offsetParam, trimmed } from '../params';
import { type Cell, type Item, type Page, pageOf, tableShape, toTable } from '../results';
import { rseDirectoryOf } from '../rse-directory';

const COLUMNS = ['rse', 'type', 'site', 'country', 'tier', 'writable', 'readable'] as const;
/** Attributes are one call an RSE, and kept for five minutes; so many at once. */
const MAX_CONCURRENCY = 4;
/** Rows whose site, country and tier are looked up. */
const MAX_LOOKED_UP = 100;

export const listRses = defineTool({
  name: 'rucio_list_rses',
  input: z.strictObject({
    rse_expression: z.string().default('').describe('e.g. tier=1&rse_type=DISK; default: all'),
    limit: limitParam(100),
    offset: offsetParam,
  }),
  output: z.object(tableShape),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const known = await rseDirectoryOf(context.site).list(context);
    const expression = trimmed(input.rse_expression);
    const page = await pageOf(
      expression === undefined ? known.values() : rucio.rses.list(expression, { signal }),
      ({ rse }): Item => ({ sortKey: rse, rows: [[rse]] }),
      input,
      context,
    );
    const isCut = page.items.length > MAX_LOOKED_UP;
    const notes = isCut
      ? [`site, country and tier are told for the first ${MAX_LOOKED_UP} rows only`]
      : [];
    return toTable(COLUMNS, await described(page, known, context), ...notes);
  },
});

async function described(
  page: Page,
  known: ReadonlyMap<string, RseRow>,
  context: ToolContext,
): Promise<Page> {
  const atOnce = pLimit(MAX_CONCURRENCY);
  const items = await Promise.all(
    page.items.map(async (item, index): Promise<Item> => {
      const rse = item.sortKey;
      const attributes =
        index < MAX_LOOKED_UP ? await atOnce(() => attributesOf(rse, context)) : {};
      return { ...item, rows: [cellsOf(rse, known.get(rse), attributes)] };
    }),
  );
  return { ...page, items };
}

/** They are an addition: an RSE that went away meanwhile, or may not be looked at, has none. */
async function attributesOf(rse: string, context: ToolContext): Promise<RseAttributes> {
  try {
    return await rseDirectoryOf(context.site).attributes(rse, context);
  } catch (error) {
    if (error instanceof AppError && ['DENIED', 'RSE_NOT_FOUND'].includes(error.code)) return {};
    throw error;
  }
}

function cellsOf(rse: string, row: RseRow | undefined, attributes: RseAttributes): Cell[] {
  const attribute = (key: string): Cell => {
    const value = attributes[key] ?? null;
    return typeof value === 'string' ? compactText(value) : value;
  };
  return [
    compactText(rse),
    compactText(row?.rse_type),
    attribute('site'),
    attribute('country') ?? compactText(row?.country_name),
    attribute('tier'),
    row?.availability_write ?? null,
    row?.availability_read ?? null,
  ];
}
