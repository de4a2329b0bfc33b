import { z } from 'zod';

import { AppError } from '../../errors';
import type { RucioClient } from '../../rucio/client';
import type { ListDidsQuery } from '../../rucio/domains/dids';
import { type Did, parseDid } from '../../rucio/did';
import { quoteName } from '../../rucio/untrusted-text';
import type { DidRow } from '../../rucio/schemas/dids';
import { compactNumber, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { matchesGlob } from '../glob';
import { nearWords } from '../near-words';
import { clampPage, limitParam, offsetParam } from '../params';
import { type Item, MAX_READ, readPage, tableShape, toTable } from '../results';
import { knownScopesOf } from '../scope-names';
import { parseDidFilters } from './did-filters';

/** Most DIDs of a recursive search: each is remembered, since Rucio repeats them. */
const MAX_SEEN = 100_000;
/** Scopes that are named in an error. */
const MAX_SCOPES = 8;

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
    const pattern = await parsePattern(input.did_pattern, input.recursive, context);
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
    return page.count > 0
      ? table
      : { ...table, next: await hint(pattern, input.did_type, context) };
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

async function parsePattern(text: string, recursive: boolean, context: ToolContext): Promise<Did> {
  const pattern = parseDid(text, 'did_pattern');
  const isAnyName = /^\*+$/.test(pattern.name);
  if (isAnyName && (recursive || /^\*+$/.test(pattern.scope))) {
    throw new AppError('TOO_BROAD', {
      what: `${quoteName(text)} would list ${recursive ? 'a whole scope with all its content' : 'all data of all scopes'}.`,
      next: 'name the scope and the beginning of the name, e.g. user.jdoe:my.data*',
    });
  }
  if (pattern.scope.includes('*')) {
    const scopes = await knownScopesOf(context.site, context);
    throw new AppError('BAD_ARGUMENT', {
      what: `did_pattern ${quoteName(text)} has a wildcard in its scope; Rucio searches one scope.`,
      why:
        scopes === undefined ? undefined : `Scopes that match: ${matching(pattern.scope, scopes)}`,
      next: 'name the scope exactly, e.g. user.jdoe:my.data*',
    });
  }
  return pattern;
}

function matching(pattern: string, scopes: readonly string[]): string {
  const found = scopes.filter((scope) => matchesGlob(scope, pattern));
  const shown = found.slice(0, MAX_SCOPES).map(quoteName).join(', ');
  if (found.length === 0) return 'none';
  return found.length > MAX_SCOPES
    ? `${shown} and ${found.length - MAX_SCOPES} more: rucio_list_scopes(pattern)`
    : shown;
}

async function hint({ scope, name }: Did, type: string, context: ToolContext): Promise<string> {
  const scopes = await knownScopesOf(context.site, context);
  if (scopes !== undefined && !scopes.includes(scope)) {
    const near = nearWords(scope, scopes).map(quoteName);
    return near.length === 0
      ? 'there was no such scope some minutes ago: rucio_list_scopes lists them'
      : `there was no such scope some minutes ago; alike: ${near.join(', ')}`;
  }
  if (type !== 'all') return `search with did_type=all: only ${type}s were looked for`;
  return name.includes('*')
    ? 'check the scope: an unknown scope has no DIDs'
    : 'use * in the name: without it only the exact name matches';
}
