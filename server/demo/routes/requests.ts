import { type Answer, CONTENT_TYPES, document, stream } from '../answer';
import { RucioFailure } from '../failure';
import { splitScopeName } from '../parameters';
import { rfc1123 } from '../python-date';
import type { Json } from '../python-json';
import type { DemoRequest, Route } from '../router';
import type { SeedRse } from '../seed-rses';
import { type DemoStore, stableId } from '../store';
import {
  openRequests,
  pastRequests,
  requestDocument,
  requestRow,
  type TransferRequest,
} from '../transfer-requests';
import { rseNamed } from './rses';

const STATES: Readonly<Record<string, string>> = {
  Q: 'QUEUED',
  G: 'SUBMITTING',
  S: 'SUBMITTED',
  F: 'FAILED',
  D: 'DONE',
  L: 'LOST',
  N: 'NO_SOURCES',
  O: 'ONLY_TAPE_SOURCES',
  A: 'SUBMISSION_FAILED',
  M: 'MISMATCH_SCHEME',
  U: 'SUSPEND',
  W: 'WAITING',
  P: 'PREPARING',
};

interface Wanted {
  readonly states: readonly string[];
  readonly sources: readonly SeedRse[];
  readonly destinations: readonly SeedRse[];
}

function missing(what: string): RucioFailure {
  return new RucioFailure(400, 'MissingParameter', `${what} is missing`);
}

/**
 * What a list of requests asks for. Only root may ask.
 *
 * @throws {RucioFailure} 400, 404 or 500, as Rucio tells what is wrong
 */
function parseWanted({ query, issuer, store }: DemoRequest): Wanted {
  const value = (key: string) => query.get(key) ?? '';
  const letters = value('request_states');
  if (letters === '') throw missing('Request state');
  const [from, to] = [value('src_rse'), value('dst_rse')];
  const [fromSite, toSite] = [value('src_site'), value('dst_site')];
  if (from !== '' && to === '') throw missing('Destination RSE');
  if (to !== '' && from === '') throw missing('Source RSE');
  if (fromSite !== '' && toSite === '') throw missing('Destination site');
  if (toSite !== '' && fromSite === '') throw missing('Source site');
  const states = letters.split(',').map((letter) => {
    const state = STATES[letter];
    if (state !== undefined) return state;
    throw new RucioFailure(400, 'Invalid', 'Request state value is invalid');
  });
  const bySite = fromSite !== '';
  const sources = bySite ? rsesOfSite(store, fromSite) : [uncaughtRse(store, query.get('src_rse'))];
  const destinations = bySite
    ? rsesOfSite(store, toSite)
    : [uncaughtRse(store, query.get('dst_rse'))];
  if (!store.isAdmin(issuer)) {
    const list = (rses: readonly SeedRse[]) => `[${rses.map(({ rse }) => `'${rse}'`).join(', ')}]`;
    throw new RucioFailure(
      500,
      'AccessDenied',
      `${issuer} cannot list requests from RSEs ${list(sources)} to RSEs ${list(destinations)}. `,
    );
  }
  return { states, sources, destinations };
}

function rsesOfSite(store: DemoStore, site: string): readonly SeedRse[] {
  const found = store.rses.filter(({ attributes }) => attributes['site'] === site);
  if (found.length > 0) return found;
  throw new RucioFailure(404, 'NotFound', `Could not resolve site name ${site} to RSE`);
}

/** Nobody catches an unknown name on these routes. */
function uncaughtRse(store: DemoStore, name: string | null): SeedRse {
  try {
    return rseNamed(store, name ?? 'None');
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(500, error.exceptionClass, error.message);
  }
}

function fits({ states, sources, destinations }: Wanted) {
  return ({ state, source, destination }: TransferRequest) =>
    states.includes(state) &&
    source !== null &&
    sources.includes(source) &&
    destinations.includes(destination);
}

function list(request: DemoRequest): Answer {
  const { store } = request;
  const found = openRequests(store).filter(fits(parseWanted(request)));
  return stream(found.map((each) => requestRow(store, each)));
}

function history(request: DemoRequest): Answer {
  const { query, store } = request;
  const wanted = parseWanted(request);
  const [offset, limit] = [integer(query.get('offset'), 0), integer(query.get('limit'), 100)];
  const start = Math.max(offset, 0);
  const found = pastRequests(store).filter(fits(wanted)).slice(start);
  const page = limit > 0 ? found.slice(0, limit) : found;
  return stream(page.map((each) => pastRow(store, each)));
}

function integer(written: string | null, fallback: number): number {
  return written !== null && /^\s*[+-]?\d+\s*$/.test(written) ? Number(written) : fallback;
}

/** Rucio keeps less of a transfer when it is over. */
function pastRow(store: DemoStore, request: TransferRequest): Json {
  const { last_processed_at: _at, last_processed_by: _by, ...row } = requestRow(store, request);
  return { ...row, priority: null };
}

function ofFile(request: DemoRequest): Answer {
  const found = requestOf(request, openRequests(request.store));
  return document(requestDocument(request.store, found));
}

function pastOfFile(request: DemoRequest): Answer {
  const { issuer, params, store } = request;
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const rse = uncaughtRse(store, params['rse'] ?? '');
  if (!store.isAdmin(issuer)) {
    throw new RucioFailure(
      500,
      'AccessDenied',
      `${issuer} cannot retrieve the request DID ${scope}:${name} to RSE ${rse.rse}. `,
    );
  }
  return document(pastRow(store, requestOf(request, pastRequests(store))));
}

function requestOf(
  { params, store }: DemoRequest,
  requests: readonly TransferRequest[],
): TransferRequest {
  const { scope, name } = splitScopeName(params['scope_name'] ?? '');
  const rse = uncaughtRse(store, params['rse'] ?? '');
  const did = store.did(scope, name);
  const found = requests.find(({ file, destination }) => file === did && destination === rse);
  if (found !== undefined) return found;
  throw new RucioFailure(
    404,
    'RequestNotFound',
    `No request found for DID ${scope}:${name} at RSE ${rse.rse}`,
  );
}

function transferLimits({ issuer, store }: DemoRequest): Answer {
  if (!store.isAdmin(issuer)) {
    throw new RucioFailure(500, 'AccessDenied', `${issuer} cannot list transfer limits. `);
  }
  const date = rfc1123(store.createdAt);
  return stream(
    store.seed.transferLimits.map(({ rseExpression, activity, maxTransfers }) => ({
      id: stableId('transfer-limit', rseExpression, activity),
      rse_expression: rseExpression,
      activity,
      direction: 'DESTINATION',
      max_transfers: maxTransfers,
      transfers: null,
      waitings: null,
      volume: 0,
      deadline: 1,
      strategy: 'fifo',
      created_at: date,
      updated_at: date,
    })),
  );
}

const json = { method: 'GET', accept: [CONTENT_TYPES.json] } as const;
const rows = { method: 'GET', accept: [CONTENT_TYPES.stream] } as const;

export const requestRoutes: readonly Route[] = [
  { ...rows, path: '/requests/list', handle: list },
  { ...rows, path: '/requests/history/list', handle: history },
  { ...rows, path: '/requests/transfer_limits', handle: transferLimits },
  { ...json, path: '/requests/history/<path:scope_name>/<rse>', handle: pastOfFile },
  { ...json, path: '/requests/<path:scope_name>/<rse>', handle: ofFile },
];
