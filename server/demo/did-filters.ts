import { RucioFailure, UnhandledFailure } from './failure';
import type { Literal } from './python-literal';
import type { DemoDid, DidType } from './store';

const OPERATORS = ['', 'gte', 'lte', 'gt', 'lt', 'ne'] as const;
type Operator = (typeof OPERATORS)[number];
type Value = null | boolean | number | string | Date;

/** One condition on a property of a DID. */
export interface Condition {
  readonly key: string;
  readonly operator: Operator;
  readonly value: Value;
}

/** Conditions that must all hold. Several groups are alternatives. */
export interface FilterGroup {
  readonly type: DidType;
  readonly conditions: readonly Condition[];
}

const TYPES: Readonly<Record<string, readonly DidType[]>> = {
  all: ['CONTAINER', 'DATASET', 'FILE'],
  collection: ['CONTAINER', 'DATASET'],
  container: ['CONTAINER'],
  dataset: ['DATASET'],
  file: ['FILE'],
};

/** Metadata that no DID of the demo has. */
const EMPTY_KEYS = [
  'campaign',
  'datatype',
  'events',
  'guid',
  'lumiblocknr',
  'panda_id',
  'phys_group',
  'prod_step',
  'project',
  'provenance',
  'run_number',
  'stream_name',
  'task_id',
  'version',
] as const;
const KEYS: ReadonlySet<string> = new Set([
  ...['name', 'type', 'bytes', 'length', 'md5', 'adler32'],
  ...['created_at', 'created_after', 'created_before'],
  ...EMPTY_KEYS,
]);

const PYTHON_NAMES = { number: 'int', boolean: 'bool', string: 'str', object: 'NoneType' } as const;

function pythonName(value: Literal): string {
  if (Array.isArray(value)) return 'list';
  return PYTHON_NAMES[typeof value as keyof typeof PYTHON_NAMES];
}

/**
 * Checks and translates the filters of a search.
 *
 * @param filters - a list of dictionaries, or one
 * @param defaultType - where a dictionary names none
 * @throws {RucioFailure} for unknown keys, types and operators, as Rucio tells them
 * @throws {UnhandledFailure} where Rucio stumbles over a value of the wrong kind
 */
export function parseFilters(filters: Literal, defaultType: string): FilterGroup[] {
  const groups = groupsOf(filters);
  for (const group of groups) {
    for (const key of group.keys()) {
      if (typeof key !== 'string') {
        throw new UnhandledFailure(`'${pythonName(key)}' object has no attribute 'split'`);
      }
      if (!KEYS.has(key.split('.')[0] ?? '')) {
        throw new RucioFailure(
          500,
          'InvalidMetadata',
          'There is no metadata plugin that manages the filter key(s) you requested.',
        );
      }
    }
  }
  return groups.flatMap((group) => {
    const conditions: Condition[] = [];
    const types = typesOf(group.get('type') ?? defaultType);
    for (const [key, value] of group) {
      if (typeof key === 'string' && key !== 'type') conditions.push(condition(key, value));
    }
    return types.map((type) => ({ type, conditions }));
  });
}

function groupsOf(filters: Literal): Map<Literal, Literal>[] {
  if (filters instanceof Map) return [filters];
  if (typeof filters === 'string') {
    if (filters === '') return [];
    throw new UnhandledFailure("'str' object has no attribute 'keys'");
  }
  if (!Array.isArray(filters)) {
    throw new UnhandledFailure(`'${pythonName(filters)}' object is not iterable`);
  }
  return filters.map((group) => {
    if (group instanceof Map) return group;
    const name = pythonName(group);
    throw new UnhandledFailure(
      name === 'str' || name === 'list'
        ? `'${name}' object has no attribute 'keys'`
        : `argument of type '${name}' is not iterable`,
    );
  });
}

function typesOf(type: Literal): readonly DidType[] {
  if (typeof type !== 'string') {
    throw new UnhandledFailure(`'${pythonName(type)}' object has no attribute 'lower'`);
  }
  const types = TYPES[type.toLowerCase()];
  if (types !== undefined) return types;
  const valid = Object.keys(TYPES).map((name) => `'${name}'`);
  throw new RucioFailure(
    409,
    'UnsupportedOperation',
    `${type.toLowerCase()} is not a valid type. Valid types are dict_keys([${valid.join(', ')}])`,
  );
}

function condition(written: string, value: Literal): Condition {
  const [name = '', suffix = '', ...more] = written.split('.');
  if (more.length > 0) throw new RucioFailure(400, 'DIDFilterSyntaxError', 'None');
  const operator = OPERATORS.find((known) => known === suffix);
  if (operator === undefined) throw new UnhandledFailure("'NoneType' object is not callable");
  if (Array.isArray(value) || value instanceof Map) {
    throw new UnhandledFailure('Error binding parameter: type is not supported');
  }
  const typed = typeof value === 'string' ? typecast(value) : value;
  if (typeof typed === 'string' && hasWildcard(typed) && operator !== '' && operator !== 'ne') {
    throw new RucioFailure(
      400,
      'DIDFilterSyntaxError',
      'Wildcards can only be used with equality operators',
    );
  }
  if (name === 'created_after') return { key: 'created_at', operator: 'gte', value: typed };
  if (name === 'created_before') return { key: 'created_at', operator: 'lte', value: typed };
  return { key: name, operator, value: typed };
}

/** Rucio takes text for the number, truth value or date that it looks like. */
function typecast(value: string): Value {
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value)) return false;
  if (/^\d+(\.\d*)?$/.test(value)) return Number(value);
  if (/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z)?$/.test(value)) {
    return new Date(`${value.replace(' ', 'T').replace('Z', '')}Z`);
  }
  if (/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d UTC$/.test(value)) {
    return new Date(value);
  }
  return value;
}

function hasWildcard(value: string): boolean {
  return /[*%]/.test(value);
}

/** Whether a DID meets one group, apart from its scope. */
export function meets(did: DemoDid, group: FilterGroup, createdAt: number): boolean {
  return did.type === group.type && group.conditions.every((each) => holds(did, each, createdAt));
}

function holds(did: DemoDid, { key, operator, value }: Condition, createdAt: number): boolean {
  if (value === '*' || value === '%') return true;
  const actual = property(did, key, createdAt);
  if (operator === 'ne') return actual === null || !equals(actual, value);
  if (operator === '') return equals(actual, value);
  if (actual === null || value === null) return false;
  const order = compare(actual, value);
  if (order === undefined) return false;
  if (operator === 'gt') return order > 0;
  if (operator === 'lt') return order < 0;
  return operator === 'gte' ? order >= 0 : order <= 0;
}

function property(did: DemoDid, key: string, createdAt: number): Value {
  if (key === 'name') return did.name;
  if (key === 'bytes') return did.bytes;
  if (key === 'length') return did.type === 'FILE' ? null : did.length;
  if (key === 'md5') return did.md5;
  if (key === 'adler32') return did.adler32;
  return key === 'created_at' ? new Date(createdAt) : null;
}

function equals(actual: Value, value: Value): boolean {
  if (typeof value === 'string' && typeof actual === 'string' && hasWildcard(value)) {
    return likePattern(value).test(actual);
  }
  if (actual instanceof Date && value instanceof Date) return actual.getTime() === value.getTime();
  return typeof actual === 'string' && value !== null ? actual === String(value) : actual === value;
}

function compare(actual: Value, value: Value): number | undefined {
  if (typeof actual === 'string') {
    const other = String(value);
    return actual === other ? 0 : actual < other ? -1 : 1;
  }
  if (typeof value === 'string' || value === null || actual === null) return undefined;
  return Number(actual) - Number(value);
}

/** `*` and `%` stand for any text; everything else for itself. */
function likePattern(value: string): RegExp {
  const source = value.replace(/[.\\+?^$[\](){}|]/g, '\\$&').replace(/[*%]+/g, '.*');
  return new RegExp(`^${source}$`, 's');
}
