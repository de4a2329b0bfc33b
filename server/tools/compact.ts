import { escapeName } from '../rucio/untrusted-text';

/**
 * A date of Rucio's as `2026-11-26T03:59Z`. Rucio writes RFC 1123 dates and, for accounts, ISO dates
 * without a zone that mean UTC.
 */
export function compactDate(date: string | null | undefined): string | null {
  if (date === null || date === undefined || date === '') return null;
  const time = Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(date) ? `${date}Z` : date);
  if (Number.isNaN(time)) return escapeName(date);
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** A number of Rucio's: exact, `unlimited` for infinity, a string of digits above 2^53. */
export function compactNumber(value: number | string | null | undefined): number | string | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
}

/** A name or word of Rucio's, or null. */
export function compactText(value: string | null | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : escapeName(value);
}
