/** `Sun, 22 Nov 2026 07:48:13 UTC`: dates in nearly all of Rucio's answers. */
export function rfc1123(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', 'UTC');
}

/** `2026-11-22T07:48:13`, UTC without saying so: dates of accounts. */
export function isoWithoutZone(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
