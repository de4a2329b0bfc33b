import { flaskJson, type Json, pythonJson } from './python-json';

/** What a route answers. A body of many pieces is sent chunked, piece by piece. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Iterable<string>;
}

export const CONTENT_TYPES = {
  json: 'application/json',
  stream: 'application/x-json-stream',
  octets: 'application/octet-stream',
  html: 'text/html; charset=utf-8',
} as const;

/** One document, as Rucio's own encoder writes it. */
export function document(value: Json): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': CONTENT_TYPES.json },
    body: pythonJson(value),
  };
}

/** One document, as Flask writes it. */
export function flaskDocument(value: Json): Answer {
  return { status: 200, headers: { 'Content-Type': CONTENT_TYPES.json }, body: flaskJson(value) };
}

/**
 * Rows, one a line. As in Rucio the first row is made before the headers leave, so that an error on
 * it has a status of its own; no rows are an empty body.
 */
export function stream(rows: Iterable<Json>): Answer {
  const headers = { 'Content-Type': CONTENT_TYPES.stream };
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  if (first.done === true) return { status: 200, headers, body: '' };
  return { status: 200, headers, body: lines(first.value, iterator) };
}

function* lines(first: Json, rest: Iterator<Json>): Generator<string> {
  yield `${pythonJson(first)}\n`;
  for (let row = rest.next(); row.done !== true; row = rest.next()) {
    yield `${pythonJson(row.value)}\n`;
  }
}

export function html(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': CONTENT_TYPES.html }, body };
}
