import { AppError } from '../errors';
import { quoteName } from '../rucio/untrusted-text';

/**
 * The id of a rule as people paste it: with or without dashes, in any case, in backticks.
 *
 * @returns 32 lower-case hexadecimal digits
 * @throws {AppError} BAD_RULE_ID for anything else; it never reaches Rucio
 */
export function parseRuleId(text: string, argument = 'rule_id'): string {
  const id = text.replaceAll(/[\s`-]/g, '').toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  throw new AppError('BAD_RULE_ID', {
    what: `${argument} ${quoteName(text)} is not the id of a rule: ids have 32 hex digits.`,
    next: 'take the id from rucio_list_account_rules or rucio_list_did_rules',
  });
}
