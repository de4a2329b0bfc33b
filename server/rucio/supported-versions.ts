/** The lines of Rucio that the tests run against: the first numbers of its releases. */
export const SUPPORTED_LINES = { oldest: 35, newest: 41 } as const;

/**
 * What is unusual about a version of Rucio, as a sentence without its end.
 *
 * @param version - as `/ping` tells it, e.g. `38.6.4`. Untrusted.
 * @returns undefined for a version that the tests run against
 */
export function versionNote(version: string): string | undefined {
  const line = Number.parseInt(version, 10);
  const { oldest, newest } = SUPPORTED_LINES;
  if (Number.isNaN(line)) return 'it has no number';
  if (line < oldest) return `it is older than ${oldest}, the oldest version that is supported`;
  if (line > newest) return `it is newer than ${newest}, the newest version that is tested`;
  return undefined;
}
