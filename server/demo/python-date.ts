/** `Sun, 22 Nov 2026 07:48:13 UTC`: dates in nearly all of Rucio's answers. */
export function rfc1123(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', 'UTC');
}

/** `2026-11-22T07:48:13`, UTC without saying so: dates of accounts. */
export function isoWithoutZone(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** `datetime.datetime(2026, 11, 22, 7, 48, 13, 42000)`: as Python prints a time in UTC. */
export function datetimeRepr(ms: number): string {
  const date = new Date(ms);
  const [seconds, micros] = [date.getUTCSeconds(), date.getUTCMilliseconds() * 1000];
  // Python leaves zeros at the end out.
  const rest = micros > 0 ? [seconds, micros] : seconds > 0 ? [seconds] : [];
  const parts = [
    ...[date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
    ...[date.getUTCHours(), date.getUTCMinutes()],
    ...rest,
  ];
  return `datetime.datetime(${parts.join(', ')})`;
}
