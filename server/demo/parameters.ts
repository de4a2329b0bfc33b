import { RucioFailure, UnhandledFailure } from './failure';

const PYTHON_TYPES: Readonly<Record<string, string>> = { number: 'float', object: 'dict' };

/**
 * A truth value of a query or a body, in the ways in which Rucio takes them.
 *
 * @param fallback - where it is absent
 * @throws {RucioFailure} 400 for everything else
 */
export function booleanParameter(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (value === null) throw new RucioFailure(400, 'KeyError', `'${name}' not defined`);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) {
    const word = String(value).toLowerCase();
    if (word === 'true' || word === '1') return true;
    if (word === 'false' || word === '0') return false;
    throw new RucioFailure(400, 'TypeError', `'${name}' must be a boolean type.`);
  }
  const type = Array.isArray(value) ? 'list' : (PYTHON_TYPES[typeof value] ?? 'object');
  throw new UnhandledFailure(`'${type}' object has no attribute 'lower'`);
}

/**
 * The body of a request as a dictionary.
 *
 * @throws {RucioFailure} 400 when it is none
 */
export function bodyParameters(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new RucioFailure(400, 'ValueError', 'cannot decode json parameter dictionary');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RucioFailure(400, 'TypeError', 'body must be a json dictionary');
  }
  return value as Readonly<Record<string, unknown>>;
}

/**
 * Scope and name out of a path like `scope/na/me`.
 *
 * @throws {RucioFailure} 400 ValueError when there is no name
 */
export function splitScopeName(path: string): { scope: string; name: string } {
  const [, scope, name] = /^([^/]+)\/(.*)/.exec(path) ?? [];
  if (scope === undefined || name === undefined) {
    throw new RucioFailure(
      400,
      'ValueError',
      `Could not parse '/${path}' (scope_name='${path}') with pattern '/([^/]+)/(.*)' into scope and name.`,
    );
  }
  return { scope, name };
}
