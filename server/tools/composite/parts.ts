import pLimit from 'p-limit';

import { AppError } from '../../errors';

/** Calls of one tool that run at once: Rucio's own servers have few threads. */
const MAX_CONCURRENCY = 4;

/**
 * The calls that one answer is made of. What the account may not see is left out of the answer and
 * named; it never fails the rest.
 */
export class Parts {
  readonly #limit = pLimit(MAX_CONCURRENCY);
  readonly #denied = new Set<string>();

  /** A call that the answer needs. */
  async needed<T>(call: () => Promise<T>): Promise<T> {
    return this.#limit(call);
  }

  /** @returns undefined when the account may not see it */
  async permitted<T>(name: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#limit(call);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DENIED') throw error;
      this.#denied.add(name);
      return undefined;
    }
  }

  /** @returns undefined when Rucio has no such thing, or the account may not see it */
  async existing<T>(name: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.permitted(name, call);
    } catch (error) {
      if (error instanceof AppError && error.code.endsWith('NOT_FOUND')) return undefined;
      throw error;
    }
  }

  /** The field of the answer; nothing when all was permitted. */
  get notPermitted(): { not_permitted?: string[] } {
    return this.#denied.size === 0 ? {} : { not_permitted: [...this.#denied].sort() };
  }
}

/** The first rows of a stream; what is behind them is not read. */
export async function firstRows<T>(rows: AsyncIterable<T>, max: number): Promise<T[]> {
  const first: T[] = [];
  for await (const row of rows) {
    first.push(row);
    if (first.length === max) break;
  }
  return first;
}
