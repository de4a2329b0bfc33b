import { z } from 'zod';

import { didYouMean } from './did-you-mean';
import { type ConfigIssue, type IssuePath, isWithin } from './issues';
import { arm, knownKeys, metaOf, schemaAt } from './schema-walk';

/**
 * A rule about several values of a document. It is checked even while other places of the document
 * are wrong, so that one run reports everything.
 */
export interface Rule<T> {
  /**
   * The places that the rule reads, and the only ones that it is shown; it is skipped while one of
   * them is wrong in itself.
   */
  readonly reads: readonly IssuePath[];
  readonly check: (document: T) => readonly ConfigIssue[];
}

export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

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
  const parsed = schema.safeParse(input);
  const issues = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => translate(issue, schema, input));
  const wrong = issues.map((issue) => issue.path);
  for (const { reads, check } of rules) {
    const blocked = reads.some((read) =>
      wrong.some((path) => isWithin(path, read) || isWithin(read, path)),
    );
    if (!blocked) {
      issues.push(...check(parsed.success ? parsed.data : excerpt(schema, input, reads)));
    }
  }
  return parsed.success && issues.length === 0
    ? { ok: true, value: parsed.data }
    : { ok: false, issues };
}

/** The places of a document that are right, parsed one by one, where the whole does not parse. */
function excerpt<S extends z.ZodType>(
  schema: S,
  input: unknown,
  reads: readonly IssuePath[],
): z.output<S> {
  const document: Record<string, unknown> = {};
  for (const path of reads) {
    const place = schemaAt(schema, path, input);
    if (place === undefined) throw new TypeError(`a rule reads ${path.join('.')}: no such place`);
    let parent = document;
    for (const part of path.slice(0, -1)) {
      parent = (parent[part] ??= {}) as Record<string, unknown>;
    }
    const last = path.at(-1) ?? '';
    parent[last] ??= z.parse(place, valueAt(input, path));
  }
  return document as z.output<S>;
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
  if (issue.code === 'invalid_key') {
    const message = `the key ${issue.issues[0]?.message ?? 'is not valid'}`;
    return [{ path, message, fix: 'use another key' }];
  }
  if (issue.code === 'invalid_union') return union(issue, path, schema, input);
  const own = issue.code === 'custom' ? Remedy.safeParse(issue.params).data : undefined;
  if (own !== undefined) return [{ path, message: issue.message, fix: own.fix }];
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

/** `params` of a check whose own remedy says more than the description of the place. */
const Remedy = z.object({ fix: z.string() });

function unknownKey(path: IssuePath, key: string, known: readonly string[]): ConfigIssue {
  const near = didYouMean(key, known);
  return {
    path,
    message: near === undefined ? 'unknown key' : `unknown key; did you mean "${near}"?`,
    ...(known.length === 0 ? {} : { expected: `one of: ${known.join(', ')}` }),
    fix: near === undefined ? 'remove it' : `rename it to "${near}", or remove it`,
  };
}

/** What a schema itself says would be right, and what to do. */
function adviceOf(schema: z.core.$ZodType): Pick<ConfigIssue, 'expected' | 'fix'> {
  const { description, fix } = metaOf(schema);
  return {
    ...(description === undefined ? {} : { expected: description }),
    ...(fix === undefined ? {} : { fix }),
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
        .map((inner) => ({
          ...(inner.path.length === 0 && place !== undefined ? adviceOf(place) : {}),
          ...inner,
          path: [...path, ...inner.path],
        }));
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
    // What nobody may write says itself why.
    if (issue.expected === 'never') return issue.message;
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
  return issue.message === 'Invalid URL' ? 'is not an http(s) URL' : issue.message;
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
