import { z } from 'zod';

import { didYouMean } from '../../../lib/contract/did-you-mean';
import { AppError } from '../../errors';
import {
  type ListRequestsQuery,
  REQUEST_STATE_LETTERS,
  type RequestState,
} from '../../rucio/domains/requests';
import type { RequestRow } from '../../rucio/schemas/requests';
import { quoteName } from '../../rucio/untrusted-text';
import { rseName } from '../at-rse';
import { compactDate, compactNumber, compactText } from '../compact';
import type { Item } from '../results';

const STATES = Object.keys(REQUEST_STATE_LETTERS) as RequestState[];

export const requestShape = {
  src_rse: z.string(),
  dst_rse: z.string(),
  request_states: z.string().describe('names, e.g. SUBMITTED,FAILED'),
};

interface RequestInput {
  readonly src_rse: string;
  readonly dst_rse: string;
  readonly request_states: string;
}

/** @throws {AppError} BAD_ARGUMENT for an empty RSE, or a state that Rucio does not have */
export function toRequestQuery(input: RequestInput): ListRequestsQuery {
  return {
    sourceRse: rseName(input.src_rse, 'src_rse'),
    destinationRse: rseName(input.dst_rse, 'dst_rse'),
    states: parseStates(input.request_states),
  };
}

function parseStates(text: string): RequestState[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw badStates('request_states is empty.');
  return [...new Set(words.map(parseState))];
}

function parseState(word: string): RequestState {
  const upper = word.toUpperCase();
  const found = STATES.find((state) => state === upper || REQUEST_STATE_LETTERS[state] === upper);
  if (found !== undefined) return found;
  const near = didYouMean(upper, STATES);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw badStates(`request_states has ${quoteName(word.slice(0, 64))}, which is no state${hint}`);
}

function badStates(what: string): AppError {
  return new AppError('BAD_ARGUMENT', { what, next: `use some of: ${STATES.join(', ')}` });
}

export const REQUEST_COLUMNS = [
  'did',
  'state',
  'activity',
  'account',
  'rule_id',
  'bytes',
  'retries',
  'error',
  'updated_at',
] as const;

/** A transfer as a row of {@link REQUEST_COLUMNS}. */
export function requestItem(row: RequestRow): Item {
  return {
    sortKey: `${row.scope}:${row.name} ${row.id}`,
    did: { scope: row.scope, name: row.name },
    rows: [
      [
        compactText(row.state),
        compactText(row.activity),
        compactText(row.account),
        compactText(row.rule_id),
        compactNumber(row.bytes),
        compactNumber(row.retry_count),
        compactText(row.err_msg),
        compactDate(row.updated_at ?? row.created_at),
      ],
    ],
  };
}
