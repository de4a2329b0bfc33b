import { z } from 'zod';

import type { IssuePath } from './issues';

/** What {@link schemaAt} and the documentation read from a schema. */
export interface SchemaMeta {
  readonly description?: string;
  readonly fix?: string;
  readonly examples?: readonly unknown[];
}

type AnySchema = z.core.$ZodType;

/** The schema below wrappers that do not change where a value lives: optional, default, pipe. */
export function unwrap(schema: AnySchema): AnySchema {
  let current = schema;
  for (;;) {
    if (
      current instanceof z.ZodOptional ||
      current instanceof z.ZodNullable ||
      current instanceof z.ZodDefault ||
      current instanceof z.ZodPrefault ||
      current instanceof z.ZodReadonly
    ) {
      current = current.unwrap();
    } else if (current instanceof z.ZodPipe) {
      current = current.in;
    } else {
      return current;
    }
  }
}

/** Description and remedy of a schema; the outermost wrapper that has them wins. */
export function metaOf(schema: AnySchema): SchemaMeta {
  let current: AnySchema | undefined = schema;
  while (current !== undefined) {
    const meta = z.globalRegistry.get(current) as SchemaMeta | undefined;
    if (meta?.description !== undefined) return meta;
    const inner = unwrapOnce(current);
    current = inner === current ? undefined : inner;
  }
  return {};
}

function unwrapOnce(schema: AnySchema): AnySchema {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return schema.unwrap();
  }
  return schema instanceof z.ZodPipe ? schema.in : schema;
}

/**
 * The schema that governs a place in a document.
 *
 * @param root - schema of the whole document
 * @param path - the place
 * @param input - the document: it decides which arm of a union applies
 * @returns `undefined` where the schema knows no such place
 */
export function schemaAt(root: AnySchema, path: IssuePath, input: unknown): AnySchema | undefined {
  let schema: AnySchema | undefined = root;
  let value = input;
  for (const part of path) {
    if (schema === undefined) return undefined;
    schema = step(arm(schema, value), part);
    value = child(value, part);
  }
  return schema;
}

/** The keys that an object schema knows, or none. */
export function knownKeys(schema: AnySchema | undefined, value: unknown): readonly string[] {
  if (schema === undefined) return [];
  const object = arm(schema, value);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** The arm of a union that a value is meant for: by discriminator, else by its kind. */
export function arm(schema: AnySchema, value: unknown): AnySchema {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodUnion)) return inner;
  const options = (inner.options as readonly AnySchema[]).map(unwrap);
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const key = inner.def.discriminator;
    const wanted = child(value, key);
    const found = options.find((option) => isMeant(option, key, wanted));
    return found === undefined ? inner : arm(found, value);
  }
  if (Array.isArray(value)) return options.find((option) => option instanceof z.ZodArray) ?? inner;
  const isObject = typeof value === 'object' && value !== null;
  const meant = options.filter((option) => option instanceof z.ZodObject === isObject);
  // A literal beside a text stands for "not set"; what is written is meant as the text.
  return meant.find((option) => !(option instanceof z.ZodLiteral)) ?? meant[0] ?? inner;
}

/** Whether an arm, or one of the arms of an arm, is that of this discriminator. */
function isMeant(option: AnySchema, key: string, wanted: unknown): boolean {
  if (option instanceof z.ZodDiscriminatedUnion) {
    return (option.options as readonly AnySchema[]).some((it) => isMeant(unwrap(it), key, wanted));
  }
  if (!(option instanceof z.ZodObject)) return false;
  const literal = unwrap((option.shape as Record<string, AnySchema>)[key] ?? z.never());
  return literal instanceof z.ZodLiteral && literal.values.has(wanted as never);
}

function step(schema: AnySchema, part: string | number): AnySchema | undefined {
  if (schema instanceof z.ZodObject) {
    return (schema.shape as Record<string, AnySchema | undefined>)[String(part)];
  }
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

function child(value: unknown, part: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, part) ? (value as Record<string | number, unknown>)[part] : undefined;
}
