import { z } from 'zod';

/** Most items of one page, whatever is asked for. */
export const MAX_LIMIT = 1000;

/** How many items a page has; clamped to {@link MAX_LIMIT}, never an error. */
export const limitParam = (byDefault: number) => z.int().default(byDefault);

export const offsetParam = z.int().default(0);

/** The part of a list that is wanted. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

/** Brings a page request into bounds. */
export function clampPage({ limit, offset }: PageRequest): PageRequest {
  return { limit: Math.min(Math.max(limit, 1), MAX_LIMIT), offset: Math.max(offset, 0) };
}
