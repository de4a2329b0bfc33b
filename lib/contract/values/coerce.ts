import { z } from 'zod';

import type { IssuePath } from '../issues';
import { schemaAt, unwrap } from '../schema-walk';

/**
 * Values with digits in quotes turned into numbers where a number belongs, as a template would
 * print both alike: `--set-string server.port=9100`. Nothing else is guessed.
 *
 * @param schema - of the whole document
 * @param input - anything
 */
export function coerceNumbers(schema: z.ZodType, input: unknown): unknown {
  return coerce(input, [], (path) => schemaAt(schema, path, input));
}

function coerce(
  value: unknown,
  path: IssuePath,
  schemaOf: (path: IssuePath) => z.core.$ZodType | undefined,
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => coerce(item, [...path, index], schemaOf));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, coerce(item, [...path, key], schemaOf)]),
    );
  }
  if (typeof value !== 'string' || !/^(0|[1-9]\d{0,9})$/.test(value)) return value;
  const schema = schemaOf(path);
  return schema !== undefined && unwrap(schema) instanceof z.ZodNumber ? Number(value) : value;
}
