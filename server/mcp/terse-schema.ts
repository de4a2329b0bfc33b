import { z } from 'zod';

type Node = Record<string, unknown>;

/**
 * JSON Schema 2020-12 in few words: it is paid for in every conversation. Arguments lose nothing that
 * they have to satisfy. Of answers it tells the fields and their types; any may be left out, and
 * there may be more.
 */
export function terseSchema(schema: z.ZodObject, io: 'input' | 'output'): Node {
  // Every client assumes the dialect.
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return shorten(rest, io === 'input' ? withoutEmptyDefault : shortenAnswer) as Node;
}

/** A schema with all in it shortened, the inner ones first. */
function shorten(value: unknown, shortenOne: (node: Node) => Node): unknown {
  if (Array.isArray(value)) return value.map((item) => shorten(item, shortenOne));
  if (!isNode(value)) return value;
  const inner = mapValues(value, (item, key) =>
    // The names in it are not words of JSON Schema.
    key === 'properties' && isNode(item)
      ? mapValues(item, (property) => shorten(property, shortenOne))
      : shorten(item, shortenOne),
  );
  return shortenOne(mergeTypes(inner));
}

/** Without keys that are there without a value. */
function mapValues(node: Node, to: (value: unknown, key: string) => unknown): Node {
  const entries = Object.entries(node).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, to(value, key)]));
}

/** `anyOf` of plain types is one list of types. */
function mergeTypes(node: Node): Node {
  const { anyOf: choices, ...rest } = node;
  if (!Array.isArray(choices) || !choices.every(isPlainType)) return node;
  return { ...rest, type: [...new Set(choices.flatMap(({ type }) => type))] };
}

/** To leave an argument out and to give an empty text, 0 or false are the same. */
function withoutEmptyDefault(node: Node): Node {
  const { default: value, ...rest } = node;
  return value === '' || value === 0 || value === false ? rest : node;
}

function shortenAnswer(node: Node): Node {
  // The words that a text can be stand in the answer itself.
  const { enum: _words, required: _required, ...shape } = node;
  const { additionalProperties: more, type, items, ...rest } = shape;
  return {
    // Of a map it is the schema of its values.
    ...(isNode(more) ? { additionalProperties: more } : {}),
    ...(type === undefined || 'const' in node ? {} : { type }),
    ...(items === undefined || isPlainType(items) ? {} : { items }),
    ...rest,
  };
}

function isPlainType(choice: unknown): choice is { type: string | string[] } {
  return isNode(choice) && Object.keys(choice).length === 1 && 'type' in choice;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
