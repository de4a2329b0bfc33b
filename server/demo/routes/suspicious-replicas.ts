import { type Answer, CONTENT_TYPES, document } from '../answer';
import { RucioFailure, UnhandledFailure } from '../failure';
import { rfc1123 } from '../python-date';
import type { DemoRequest, Route } from '../router';
import { rsesOf } from '../rse-expression';
import { stableId } from '../store';

/** How far back Rucio looks unless it is told, in milliseconds. */
const TEN_DAYS_MS = 864_000_000;

/** Replicas that were declared suspicious, temporarily unavailable or lost more than `nattempts` times; anybody may ask. */
function list({ query, store }: DemoRequest): Answer {
  const since = parseDate(parameter(query, 'younger_than')) ?? store.now() - TEN_DAYS_MS;
  const attempts = parseInteger(parameter(query, 'nattempts') ?? '0');
  const expression = parameter(query, 'rse_expression');
  const wanted = new Set(
    expression === undefined ? undefined : uncaught(() => rsesOf(expression, store.rses)),
  );
  const rows = store.seed.suspicions
    .filter(({ rse }) => expression === undefined || [...wanted].some((it) => it.rse === rse))
    .filter(({ times }) => times > attempts && store.createdAt >= since)
    .map(({ scope, name, rse, times }) => ({
      scope,
      name,
      rse,
      rse_id: stableId('rse', rse),
      cnt: times,
      created_at: rfc1123(store.createdAt),
    }));
  return document(rows);
}

/** Python's parser of queries drops values that are empty. */
function parameter(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).find((value) => value !== '');
}

function parseDate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) {
    throw new UnhandledFailure(`time data '${text}' does not match format '%Y-%m-%dT%H:%M:%S'`);
  }
  return Date.parse(`${text}Z`);
}

function parseInteger(text: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
  throw new UnhandledFailure(`invalid literal for int() with base 10: '${text}'`);
}

/** Nobody catches a wrong expression on this route. */
function uncaught<T>(resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(500, error.exceptionClass, error.message);
  }
}

const route = { method: 'GET', accept: [CONTENT_TYPES.json], handle: list } as const;

export const suspiciousReplicaRoutes: readonly Route[] = [
  { ...route, path: '/replicas/suspicious' },
  { ...route, path: '/replicas/suspicious/' },
];
