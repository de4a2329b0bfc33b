import { RucioFailure, UnhandledFailure } from './failure';
import { booleanParameter } from './parameters';
import { pythonRepr } from './python-repr';

/** Most DIDs in one request. */
const MOST_DIDS = 1000;

export interface ReplicaQuery {
  readonly dids: readonly { readonly scope: string; readonly name: string }[];
  /** Wanted protocols; empty = the best one of each storage element. */
  readonly schemes: readonly string[];
  readonly domain: string | null;
  /** Where the client says it is. */
  readonly site: string | null;
  readonly expression: string;
  readonly sort: string;
  readonly allStates: boolean;
  /** Also replicas that are unavailable or on their way. */
  readonly unavailable: boolean;
  readonly ignoreAvailability: boolean;
  readonly resolveParents: boolean;
  /** Milliseconds since the epoch. */
  readonly updatedAfter: number | null;
  readonly mostFiles: number;
}

/**
 * Reads the body of `POST /replicas/list`.
 *
 * @throws {RucioFailure} 400 for a body that does not fit Rucio's schema
 * @throws {UnhandledFailure} where Rucio stumbles over a value of the wrong kind
 */
export function parseReplicaQuery(
  body: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
): ReplicaQuery {
  const location = body['client_location'] ?? (hasKey(body, 'client_location') ? null : {});
  if (typeof location !== 'object' || location === null) throw notIterable(location);
  const flag = (name: string, fallback: boolean) => booleanParameter(name, body[name], fallback);
  const unavailable = flag('unavailable', false);
  const ignoreAvailability = flag('ignore_availability', hasKey(body, 'unavailable'));
  const allStates = flag('all_states', false);
  flag('resolve_archives', true);
  const resolveParents = flag('resolve_parents', false);
  const updatedAfter = parseDate(body['updated_after']);
  const dids = parseDids(hasKey(body, 'dids') ? body['dids'] : []);
  const site = (location as Readonly<Record<string, unknown>>)['site'];
  return {
    dids,
    schemes: dids.length === 0 ? [] : parseSchemes(body['schemes']),
    domain: textOrNull(body['domain']),
    site: textOrNull(site),
    expression: dids.length === 0 ? '' : parseExpression(body['rse_expression']),
    sort: query.get('sort') ?? query.get('select') ?? textOrNull(body['sort']) ?? '',
    allStates,
    unavailable,
    ignoreAvailability,
    resolveParents,
    updatedAfter,
    mostFiles: Number(body['nrandom'] ?? 0) || Number.POSITIVE_INFINITY,
  };
}

function hasKey(body: object, key: string): boolean {
  return Object.hasOwn(body, key);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function notIterable(value: unknown): UnhandledFailure {
  const type =
    value === null
      ? 'NoneType'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? 'int'
          : typeof value;
  return new UnhandledFailure(`'${type}' object is not iterable`);
}

function parseSchemes(schemes: unknown): readonly string[] {
  if (schemes === undefined || schemes === null || schemes === '') return [];
  // Python takes a text for the list of its letters, none of which is a scheme.
  if (typeof schemes === 'string') return schemes.split('');
  if (!Array.isArray(schemes)) throw notIterable(schemes);
  return schemes.map(String);
}

function parseExpression(expression: unknown): string {
  if (expression === undefined || expression === null || expression === '') return '';
  if (typeof expression === 'string') return expression;
  throw new UnhandledFailure("'int' object has no attribute 'encode'");
}

function parseDate(date: unknown): number | null {
  if (date === undefined || date === null) return null;
  if (typeof date === 'number') return date * 1000;
  if (typeof date !== 'string') {
    throw new UnhandledFailure('strptime() argument 1 must be str, not dict');
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date)) {
    throw new UnhandledFailure(`time data '${date}' does not match format '%Y-%m-%dT%H:%M:%S'`);
  }
  return Date.parse(`${date}Z`);
}

/** Properties of a DID that Rucio's schema allows and list_replicas does not look at. */
const OTHER_PROPERTIES: ReadonlySet<string> = new Set([
  'adler32',
  'bytes',
  'md5',
  'meta',
  'pfn',
  'rules',
  'state',
  'type',
]);
const DID_TYPES = ['DATASET', 'CONTAINER', 'FILE', 'F'];

/**
 * DIDs that another route takes, by the same schema.
 *
 * @param words - of that route, before those of the schema
 * @throws {RucioFailure} 400 InvalidObject
 */
export function assertDids(dids: unknown, words: string): ReplicaQuery['dids'] {
  try {
    return parseDids(dids);
  } catch (error) {
    if (!(error instanceof RucioFailure)) throw error;
    throw new RucioFailure(400, 'InvalidObject', `${words}\nDetails: ${error.message}`);
  }
}

function parseDids(dids: unknown): ReplicaQuery['dids'] {
  if (isEmpty(dids)) return [];
  if (dids === null || dids === 0 || dids === false) throw notIterable(dids);
  if (!Array.isArray(dids)) throw invalid(`${pythonRepr(dids)} is not of type 'array'`);
  const list: readonly unknown[] = dids;
  if (list.length > MOST_DIDS) throw invalid(`${pythonRepr(list)} is too long`);
  return list.map((did) => parseDid(did));
}

/** Rucio validates nothing that is empty, whatever its kind. */
function isEmpty(dids: unknown): boolean {
  if (dids === '') return true;
  return typeof dids === 'object' && dids !== null && Object.keys(dids).length === 0;
}

function parseDid(did: unknown): { scope: string; name: string } {
  if (typeof did !== 'object' || did === null || Array.isArray(did)) {
    throw invalid(`${pythonRepr(did)} is not of type 'object'`);
  }
  const { scope, name, ...others } = did as Readonly<Record<string, unknown>>;
  if (scope === undefined) throw invalid("'scope' is a required property");
  if (name === undefined) throw invalid("'name' is a required property");
  const unknown = Object.keys(others).filter((key) => !OTHER_PROPERTIES.has(key));
  if (unknown.length > 0) {
    const names = unknown.map((key) => `'${key}'`).join(', ');
    const verb = unknown.length === 1 ? 'was' : 'were';
    throw invalid(`Additional properties are not allowed (${names} ${verb} unexpected)`);
  }
  const { type } = others;
  if (type !== undefined && (typeof type !== 'string' || !DID_TYPES.includes(type))) {
    throw invalid(`${pythonRepr(type)} is not one of ${pythonRepr(DID_TYPES)}`);
  }
  return { scope: parseWord(scope), name: parseWord(name) };
}

function parseWord(word: unknown): string {
  if (typeof word !== 'string') throw invalid(`${pythonRepr(word)} is not of type 'string'`);
  if (!/[\p{L}\p{N}_]/u.test(word)) throw invalid(`${pythonRepr(word)} does not match '\\\\w'`);
  return word;
}

/** Rucio's message goes on with the whole schema. */
function invalid(problem: string): RucioFailure {
  return new RucioFailure(400, 'InvalidObject', `Problem validating r_dids: ${problem}`);
}
