import { z } from 'zod';

import { didYouMean } from './did-you-mean';
import { type ConfigIssue, type IssuePath, isWithin } from './issues';
import { arm, knownKeys, metaOf, schemaAt } from './schema-walk';

/**
 * A rule about several values of a document. It is checked even while other places of the document
 * are wrong, so that one run reports everything.
 */
export interface Rule<T> {
  /** The places that the rule reads; it is skipped while one of them is wrong in itself. */
  readonly reads: readonly IssuePath[];
  readonly check: (document: T) => readonly ConfigIssue[];
}

export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** More rounds than a document can have nested mistakes that hide each other. */
const MAX_REPAIRS = 20;

/**
 * Parses a document and reports every problem at once: those of single values, and those between
 * values as far as these are right in themselves.
 *
 * @param schema - strict schema of the whole document
 * @param input - anything
 * @param rules - conditions between values
 */
export function parseDocument<S extends z.ZodType>(
  schema: S,
  input: unknown,
  rules: readonly Rule<z.output<S>>[],
): ParseResult<z.output<S>> {
  const issues: ConfigIssue[] = [];
  let candidate = input;
  let parsed = schema.safeParse(candidate);
  // Wrong values are set aside (their defaults step in) until the rest can be checked.
  for (let round = 0; !parsed.success && round < MAX_REPAIRS; round += 1) {
    const found = parsed.error.issues.flatMap((issue) => translate(issue, schema, candidate));
    issues.push(...found.filter((issue) => !isKnown(issues, issue)));
    const repaired = structuredClone(candidate);
    const removed = found.filter((issue) => remove(repaired, issue.path));
    if (removed.length === 0) break;
    candidate = repaired;
    parsed = schema.safeParse(candidate);
  }
  if (parsed.success) {
    const wrong = issues.map((issue) => issue.path);
    for (const rule of rules) {
      const blocked = rule.reads.some((read) =>
        wrong.some((path) => isWithin(path, read) || isWithin(read, path)),
      );
      if (!blocked) issues.push(...rule.check(parsed.data));
    }
    if (issues.length === 0) return { ok: true, value: parsed.data };
  }
  return { ok: false, issues };
}

/** A value that was set aside may turn into "required": that is the same mistake, told twice. */
function isKnown(issues: readonly ConfigIssue[], issue: ConfigIssue): boolean {
  return issues.some(
    (known) => isWithin(issue.path, known.path) || isWithin(known.path, issue.path),
  );
}

/**
 * Removes the value at a path or, where it is missing or in a list, the nearest key above it.
 *
 * @returns whether anything was removed
 */
function remove(document: unknown, path: IssuePath): boolean {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = valueAt(document, path.slice(0, length - 1));
    const key = path[length - 1] ?? '';
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) continue;
    if (Object.hasOwn(parent, key)) return Reflect.deleteProperty(parent, key);
  }
  return false;
}

function translate(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  input: unknown,
): readonly ConfigIssue[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const at = valueAt(input, path);
    const known = knownKeys(schemaAt(schema, path, input), at);
    return issue.keys.map((key) => unknownKey([...path, key], key, known));
  }
  if (issue.code === 'invalid_union') return union(issue, path, schema, input);
  const meta = metaOf(schemaAt(schema, path, input) ?? schema);
  const expected = expectation(issue) ?? meta.description;
  return [
    {
      path,
      message: messageOf(issue, valueAt(input, path)),
      ...(expected === undefined ? {} : { expected }),
      ...(meta.fix === undefined ? {} : { fix: meta.fix }),
    },
  ];
}

function unknownKey(path: IssuePath, key: string, known: readonly string[]): ConfigIssue {
  const near = didYouMean(key, known);
  return {
    path,
    message: near === undefined ? 'unknown key' : `unknown key; did you mean "${near}"?`,
    ...(known.length === 0 ? {} : { expected: `one of: ${known.join(', ')}` }),
    fix: near === undefined ? 'remove it' : `rename it to "${near}", or remove it`,
  };
}

/** A union reports every arm's complaints; only those of the arm that was meant are of use. */
function union(
  issue: z.core.$ZodIssueInvalidUnion,
  path: IssuePath,
  schema: z.core.$ZodType,
  input: unknown,
): readonly ConfigIssue[] {
  const value = valueAt(input, path);
  const place = schemaAt(schema, path, input);
  const meant = place === undefined ? undefined : arm(place, value);
  if (meant !== undefined && !(meant instanceof z.ZodUnion)) {
    const again = z.safeParse(meant, value);
    if (!again.success) {
      return again.error.issues
        .flatMap((inner) => translate(inner, meant, value))
        .map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
    }
  }
  const meta = place === undefined ? {} : metaOf(place);
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  const expected = options.length > 0 ? `one of: ${options.join(', ')}` : meta.description;
  return [
    {
      path,
      message: 'not one of the allowed kinds',
      ...(expected === undefined ? {} : { expected }),
      ...(meta.fix === undefined ? {} : { fix: meta.fix }),
    },
  ];
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type') {
    if (value === undefined) return 'required, but missing';
    const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    return `is ${kind.replace('a object', 'a map')}, not ${article(issue.expected)}`;
  }
  if (issue.code === 'invalid_value') {
    const near =
      typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : undefined;
    return near === undefined ? 'not an allowed value' : `did you mean "${near}"?`;
  }
  if (issue.code === 'too_small') return sizeProblem(issue.origin, 'too small', 'too short');
  if (issue.code === 'too_big') return sizeProblem(issue.origin, 'too large', 'too long');
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'is not an http(s) URL';
  return issue.message;
}

function sizeProblem(origin: string, number: string, length: string): string {
  return `is ${origin === 'string' || origin === 'array' ? length : number}`;
}

function article(type: string): string {
  if (type === 'object' || type === 'record') return 'a map';
  if (type === 'array') return 'a list';
  return type === 'int' ? 'a whole number' : `a ${type}`;
}

function expectation(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_value':
      return `one of: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${issue.origin === 'string' || issue.origin === 'array' ? 'a length of ' : ''}at least ${issue.minimum}`;
    case 'too_big':
      return `${issue.origin === 'string' || issue.origin === 'array' ? 'a length of ' : ''}at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function valueAt(input: unknown, path: IssuePath): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
