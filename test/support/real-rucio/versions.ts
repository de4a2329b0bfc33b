/** The newest release of each supported line of Rucio, the oldest line first. */
export const RUCIO_VERSIONS = [
  '35.9.2',
  '36.5.0',
  '37.7.1',
  '38.6.4',
  '39.4.2',
  '40.4.2',
  '41.5.1',
] as const;
export type RucioVersion = (typeof RUCIO_VERSIONS)[number];

/** What every test runs against that does not ask for another release. */
export const NEWEST_VERSION: RucioVersion = '41.5.1';

/** Runs any test against another release: `REAL_RUCIO_VERSION=38.6.4 npm test -- <pattern>`. */
export const VERSION_VARIABLE = 'REAL_RUCIO_VERSION';

/**
 * The release that the tests of this run are for.
 *
 * @throws {Error} when the variable holds no version
 */
export function chosenVersion(): string {
  const version = process.env[VERSION_VARIABLE] ?? NEWEST_VERSION;
  if (/^\d+\.\d+\.\d+[.\w]*$/.test(version)) return version;
  throw new Error(`${VERSION_VARIABLE} is "${version}"; give a release such as 38.6.4`);
}

export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Whether a release came before another one: `isBefore('37.1.0', '37.4')`. */
export function isBefore(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** The newest release of a line, such as 38. */
export function newestOf(major: number): RucioVersion {
  const version = RUCIO_VERSIONS.find((each) => majorOf(each) === major);
  if (version === undefined) throw new Error(`Rucio ${major} is not among the supported versions`);
  return version;
}
