import { z } from 'zod';

import { didYouMean } from '../../lib/contract/did-you-mean';
import { AppError } from '../errors';
import { quoteName } from '../rucio/untrusted-text';
import type { Tool } from './define';

/**
 * Parses the arguments of a tool call. What people and models write instead of the exact form is
 * accepted where it can mean only one thing: enum words in any case, `"50"` for 50, `"true"` for
 * true, and null for an optional argument.
 *
 * @throws {AppError} BAD_ARGUMENT that names every wrong argument and lists the valid ones
 */
export function parseInput<Input extends z.ZodObject>(
  tool: Pick<Tool<Input>, 'name' | 'input'>,
  args: unknown,
): z.output<Input> {
  const given = args ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw badArguments(tool, ['the arguments must be an object']);
  }
  const shape: Readonly<Record<string, z.core.$ZodType>> = tool.input.shape;
  const parsed = tool.input.safeParse(canonical(given as Record<string, unknown>, shape));
  if (parsed.success) return parsed.data;
  throw badArguments(
    tool,
    parsed.error.issues.flatMap((issue) =>
      describe(issue, given as Record<string, unknown>, shape),
    ),
  );
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function canonical(given: Record<string, unknown>, shape: Shape): Record<string, unknown> {
  const entries = Object.entries(given).map(([key, value]): [string, unknown] => {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return [key, schema === undefined ? value : canonicalValue(value, schema)];
  });
  return Object.fromEntries(entries);
}

function canonicalValue(value: unknown, schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return value === null ? undefined : canonicalValue(value, schema.unwrap());
  }
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  if (schema instanceof z.ZodEnum) {
    return schema.options.find((option) => String(option).toLowerCase() === word) ?? value;
  }
  if (schema instanceof z.ZodBoolean && (word === 'true' || word === 'false'))
    return word === 'true';
  if (schema instanceof z.ZodNumber && /^-?\d{1,15}$/.test(word)) return Number(word);
  return value;
}

function describe(issue: z.core.$ZodIssue, given: Record<string, unknown>, shape: Shape): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = didYouMean(key, Object.keys(shape));
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      return `${quoteName(key.slice(0, 64))} is unknown${hint}`;
    });
  }
  const key = String(issue.path[0] ?? 'arguments');
  if (!Object.hasOwn(given, key)) return [`${key} is missing`];
  return [`${key}: ${lowerFirst(issue.message)}`];
}

function badArguments(tool: Pick<Tool, 'name' | 'input'>, problems: readonly string[]): AppError {
  const names = Object.entries(tool.input.shape as Shape).map(([name, schema]) =>
    schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? name : `${name} (required)`,
  );
  return new AppError('BAD_ARGUMENT', {
    what: `${tool.name} can not take these arguments: ${problems.join('; ')}.`,
    next:
      names.length === 0
        ? `call ${tool.name} without arguments`
        : `call again with: ${names.join(', ')}`,
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
