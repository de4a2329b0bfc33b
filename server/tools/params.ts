import { z } from 'zod';

/** Most items of one page, whatever is asked for. */
export const MAX_LIMIT = 1000;

/** An integer whose JSON Schema does not have the bounds of exact numbers: every client pays for them. */
export const Int = z.int().meta({ minimum: undefined, maximum: undefined });

/** How many items a page has; clamped to {@link MAX_LIMIT}, never an error. */
export const limitParam = (byDefault: number) => Int.default(byDefault);

export const offsetParam = Int.default(0);

/** An account; the caller's own unless it is given. */
export const accountParam = z.string().default('').describe('default: yours');

/** The account that is meant. */
export function accountOf(text: string, { account }: { readonly account: string }): string {
  return trimmed(text) ?? account;
}

/** A name as people paste it, without white space and backticks around it; undefined when empty. */
export function trimmed(text: string): string | undefined {
  const name = text.replaceAll(/^[\s`]+|[\s`]+$/g, '');
  return name === '' ? undefined : name;
}

/** The part of a list that is wanted. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

/** Brings a page request into bounds. */
export function clampPage({ limit, offset }: PageRequest): PageRequest {
  return { limit: Math.min(Math.max(limit, 1), MAX_LIMIT), offset: Math.max(offset, 0) };
}
