import { AppError } from '../errors';
import type { ToolContext } from './define';
import { trimmed } from './params';
import { rseDirectoryOf } from './rse-directory';

/**
 * Asks Rucio about an RSE by the name that was given. Where Rucio does not know it, the name is looked
 * up in any case of its letters.
 *
 * @throws {AppError} RSE_NOT_FOUND that tells a name which is alike
 */
export async function atRse<T>(
  context: ToolContext,
  text: string,
  ask: (rse: string) => Promise<T>,
): Promise<T> {
  const wanted = rseName(text);
  try {
    return await ask(wanted);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'RSE_NOT_FOUND') throw error;
    const { rse } = await rseDirectoryOf(context.site).resolve(wanted, context);
    if (rse === wanted) throw error;
    return ask(rse);
  }
}

/** @throws {AppError} BAD_ARGUMENT for an empty name */
export function rseName(text: string, argument = 'rse'): string {
  const name = trimmed(text);
  if (name !== undefined) return name;
  throw new AppError('BAD_ARGUMENT', {
    what: `${argument} is empty.`,
    next: 'name an RSE; rucio_list_rses lists them',
  });
}
