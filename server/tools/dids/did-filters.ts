import { AppError } from '../../errors';
import { DID_SEARCH_PARAMETERS } from '../../rucio/domains/dids';
import { hasControlCharacters, quoteName } from '../../rucio/untrusted-text';

const CONDITION = /^\s*([A-Za-z_][\w-]{0,63}(?:\.(?:gte|lte|gt|lt|ne))?)\s*=\s*(.*?)\s*$/;

/**
 * Conditions on metadata: `key=value` and `key.gte=value` (also lte, gt, lt, ne), separated by commas;
 * all must hold.
 *
 * @throws {AppError} BAD_ARGUMENT for one that is not of this form, says something twice, or has a
 *   key that is an argument of its own
 */
export function parseDidFilters(text: string): Record<string, string> {
  if (text.trim() === '') return {};
  const filters: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [, key, value] = CONDITION.exec(part) ?? [];
    if (key === undefined || value === undefined || value === '' || hasControlCharacters(value)) {
      throw badFilter(part, 'is not of the form key=value or key.gte=value');
    }
    const [name = ''] = key.split('.');
    if (name === 'name') throw badFilter(part, 'belongs into did_pattern');
    if (name === 'did_type' || DID_SEARCH_PARAMETERS.includes(name)) {
      throw badFilter(part, 'is not a metadata key; did_type and recursive are arguments');
    }
    if (Object.hasOwn(filters, key)) throw badFilter(part, 'repeats a key');
    filters[key] = value;
  }
  return filters;
}

function badFilter(part: string, problem: string): AppError {
  return new AppError('BAD_ARGUMENT', {
    what: `filters: ${quoteName(part)} ${problem}.`,
    next: 'write e.g. datatype=DAOD_PHYS,run_number.gte=450000',
  });
}
