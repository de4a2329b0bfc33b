import { z } from 'zod';

import { AppError } from '../../errors';
import type { RucioClient } from '../../rucio/client';
import type { ListDidsQuery } from '../../rucio/domains/dids';
import { type Did, parseDid } from '../../rucio/did';
import { quoteName } from '../../rucio/untrusted-text';
import type { DidRow } from '../../rucio/schemas/dids';
import { compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { clampPage, limitParam, offsetParam } from '../params';
import { type Item, MAX_READ, readPage, tableShape, toTable } from '../results';
import { parseDidFilters } from './did-filters';

/** Most DIDs of a recursive search: each is remembered, since Rucio repeats them. */
const MAX_SEEN = 100_000;

export const listDids = defineTool({
  name: 'rucio_list_dids',
  input: z.strictObject({
    did_pattern: z.string().describe('scope:name; * in the name matches anything'),
    did_type: z.enum(['collection', 'dataset', 'container', 'file', 'all']).default('collection'),
    filters: z.string().default('').describe('metadata: key=value,key.gte=value'),
    recursive: z.boolean().default(false).describe('also list the content of matches'),
    limit: limitParam(50),
    offset: offsetParam,
  }),
  output: z.object({ ...tableShape, next: z.string().optional() }),
  run: async (input, context) => {
    const { rucio, signal } = context;
    const wanted = clampPage(input);
    const pattern = parsePattern(input.did_pattern, input.recursive);
    const query = {
      scope: pattern.scope,
      type: input.did_type,
      filters: { ...parseDidFilters(input.filters), name: pattern.name },
      recursive: input.recursive,
      // One more than is read tells whether there are more. Recursion repeats rows, so that a limit
      // would say nothing.
      ...(input.recursive ? {} : { limit: Math.max(MAX_READ, wanted.offset + wanted.limit) + 1 }),
    };
    const page = await readPage(items(rucio, query, signal), wanted, context);
    const table = toTable(['did', 'type', 'files', 'bytes'], page);
    return page.count > 0 ? table : { ...table, next: hint(pattern, input.did_type) };
  },
});

async function* items(
  rucio: RucioClient,
  query: ListDidsQuery,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const seen = new Set<string>();
  for await (const row of rucio.dids.list(query, { signal })) {
    const item = toItem(row);
    // Rucio lists a DID again for each match that contains it.
    if (query.recursive && seen.has(item.sortKey)) continue;
    if (query.recursive) seen.add(item.sortKey);
    if (seen.size > MAX_SEEN) {
      throw new AppError('TOO_BROAD', {
        what: `The recursive search has found more than ${MAX_SEEN} DIDs.`,
        next: 'narrow did_pattern, or list the content of one match with rucio_list_content',
      });
    }
    yield item;
  }
}

function toItem({ scope, name, did_type, length, bytes }: DidRow): Item {
  return {
    sortKey: `${scope}:${name}`,
    did: { scope, name },
    rows: [[compactText(did_type), compactNumber(length), compactNumber(bytes)]],
  };
}

function parsePattern(text: string, recursive: boolean): Did {
  const pattern = parseDid(text, 'did_pattern');
  const isAnyName = /^\*+$/.test(pattern.name);
  if (isAnyName && (recursive || /^\*+$/.test(pattern.scope))) {
    throw new AppError('TOO_BROAD', {
      what: `${quoteName(text)} would list ${recursive ? 'a whole scope with all its content' : 'all data of all scopes'}.`,
      next: 'name the scope and the beginning of the name, e.g. user.jdoe:my.data*',
    });
  }
  if (pattern.scope.includes('*')) {
    throw new AppError('BAD_ARGUMENT', {
      what: `did_pattern ${quoteName(text)} has a wildcard in its scope; Rucio searches one scope.`,
      next: 'name the scope exactly, e.g. user.jdoe:my.data*',
    });
  }
  return pattern;
}

function hint({ name }: Did, type: string): string {
  if (type !== 'all') return `search with did_type=all: only ${type}s were looked for`;
  return name.includes('*')
    ? 'check the scope: an unknown scope has no DIDs'
    : 'use * in the name: without it only the exact name matches';
}
