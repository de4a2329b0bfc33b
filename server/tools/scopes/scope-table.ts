import { z } from 'zod';

import type { ScopeNames } from '../../rucio/schemas/scopes';
import { compactText } from '../compact';
import type { ToolContext } from '../define';
import { matchesGlob } from '../glob';
import { type PageRequest, trimmed } from '../params';
import { type Table, pageOf, toTable } from '../results';

export const patternParam = z.string().default('').describe('* and ? match anything');

/** A page of the scopes that match. */
export async function scopeTable(
  scopes: ScopeNames,
  input: PageRequest & { readonly pattern: string },
  context: ToolContext,
): Promise<Table> {
  const pattern = trimmed(input.pattern);
  const matching = pattern === undefined ? scopes : scopes.filter((s) => matchesGlob(s, pattern));
  const page = await pageOf(
    matching,
    (scope) => ({ sortKey: scope, rows: [[compactText(scope)]] }),
    input,
    context,
  );
  const notes =
    page.count === 0 && scopes.length > 0 ? [`none of ${scopes.length} scopes matches`] : [];
  return toTable(['scope'], page, ...notes);
}
