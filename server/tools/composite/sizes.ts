import type { ByteCount } from '../../rucio/schemas/numbers';

/** Bytes to calculate with; undefined where Rucio says nothing. Infinity is no number of bytes. */
export type Bytes = bigint | undefined;

export function toBytes(value: ByteCount | null | undefined): Bytes {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return BigInt(value);
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}

/** As answers have it: a number where it is exact, otherwise its digits. */
export function fromBytes(bytes: Bytes): number | string | null {
  if (bytes === undefined) return null;
  const isExact =
    bytes <= BigInt(Number.MAX_SAFE_INTEGER) && bytes >= BigInt(Number.MIN_SAFE_INTEGER);
  return isExact ? Number(bytes) : bytes.toString();
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** For sentences: decimal units and three digits, as Rucio's own commands write them. */
export function inWords(bytes: Bytes): string {
  if (bytes === undefined) return 'an unknown size';
  let value = Number(bytes);
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))} ${UNITS[unit] ?? 'B'}`;
}

/** Whole percent, rounded down: 100 means all of it, and only that. */
export function percentOf(part: number, whole: number): number {
  if (whole <= 0) return part > 0 ? 100 : 0;
  return Math.min(100, Math.floor((part / whole) * 100));
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
